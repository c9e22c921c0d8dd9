import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./running";

/** HAProxy with a first file that has the global section. */
export const haproxy: Installation = {
  package: "haproxy",
  program: "haproxy",
  arrange(file, folder) {
    const main = join(folder, "haproxy.cfg");
    writeFileSync(main, "global\n  log stdout format raw local0\n  maxconn 200\n");
    const files = ["-f", main, "-f", file];
    return { validate: ["-c", ...files], run: ["-db", ...files] };
  },
};
