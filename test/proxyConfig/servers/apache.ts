import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./running";

const modules = [
  "mpm_event authn_core authn_file authn_anon authnz_ldap ldap auth_basic authz_core authz_user proxy proxy_http",
  "headers setenvif alias rewrite ssl socache_shmcb reqtimeout info",
]
  .join(" ")
  .split(" ");

/** Apache with what Debian's apache2.conf says that matters here, and all modules that a rendering may ask for. */
export const apache: Installation = {
  package: "apache2",
  program: "apache2",
  arrange(file, folder) {
    const main = join(folder, "apache2.conf");
    // The directives of a module come after it is loaded, the LDAP module's dependency before it.
    const ordered = modules.toSorted((a, b) => Number(a === "authnz_ldap") - Number(b === "authnz_ldap"));
    writeFileSync(
      main,
      `ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/apache2.pid
Mutex file:${folder} default
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
LogLevel info
StartServers 1
ServerLimit 2
ThreadsPerChild 32
MaxRequestWorkers 64
${ordered.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
CustomLog ${folder}/access.log "%h %l %u %t \\"%r\\" %>s %O"
<Directory />
  AllowOverride None
  Require all denied
</Directory>
Include ${file}
`,
    );
    return { validate: ["-f", main, "-t"], run: ["-f", main, "-DFOREGROUND"] };
  },
};
