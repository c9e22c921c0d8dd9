import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Installation } from "./running";

/** Squid with a squid.conf that says where its files are, and includes the rendered one. */
export const squid: Installation = {
  package: "squid",
  program: "squid",
  arrange(file, folder) {
    const main = join(folder, "squid.conf");
    writeFileSync(
      main,
      `pid_filename ${folder}/squid.pid
cache_log ${folder}/cache.log
access_log stdio:${folder}/access.log
coredump_dir ${folder}
cache_mem 8 MB
max_filedescriptors 256
pinger_enable off
netdb_filename none
icon_directory ${folder}
shutdown_lifetime 0 seconds
visible_hostname localhost
include ${file}
`,
    );
    // Its shared memory is known by the name of the service, to the whole machine.
    const common = ["-N", "-n", serviceIn(folder), "-f", main];
    return { validate: ["-k", "parse", ...common], run: common };
  },
  leavings: (folder) =>
    ["metadata", "queues", "readers"].map((name) => `/dev/shm/${serviceIn(folder)}-cf__${name}.shm`),
};

/** The name of its service, under which the whole machine knows its shared memory. */
export function serviceIn(folder: string): string {
  return basename(folder).replace(/[^A-Za-z0-9]/g, "");
}
