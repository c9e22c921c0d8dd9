import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./running";

/** nginx with an nginx.conf that does nothing but include the rendered file. */
export const nginx: Installation = {
  package: "nginx-light",
  program: "nginx",
  arrange(file, folder) {
    const main = join(folder, "nginx.conf");
    writeFileSync(
      main,
      `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log notice;
worker_processes 1;
events { worker_connections 256; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${file};
}
`,
    );
    const common = ["-p", folder, "-e", join(folder, "start.log"), "-c", main];
    return { validate: [...common, "-t"], run: common };
  },
};
