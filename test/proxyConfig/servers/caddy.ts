import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./running";

/** Caddy with global options that turn off what would need ports of its own, in front of the rendered ones. */
export const caddy: Installation = {
  package: "caddy",
  program: "caddy",
  arrange(file, folder) {
    const main = join(folder, "Caddyfile");
    const rendered = readFileSync(file, "utf8");
    const options = `  admin off
  log default {
    output file ${folder}/caddy.log
    level DEBUG
  }
`;
    const hasOptions = /^\{$/m.test(rendered);
    writeFileSync(
      main,
      hasOptions ? rendered.replace(/^\{$/m, `{\n${options}`) : `{\n${options}}\n${rendered}`,
    );
    const common = ["--config", main, "--adapter", "caddyfile"];
    return { validate: ["validate", ...common], run: ["run", ...common] };
  },
};
