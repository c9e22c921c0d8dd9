import { parseArgs } from "node:util";
import { type ControllerOptions, startController } from "./testController";

const help = `Usage: npm run controller -- [options]

Runs the test controller, which answers as a Jenkins controller does, until Ctrl-C.

  --port PORT      on 127.0.0.1 (default: any that is free)
  --core VERSION   current, 2.249, 2.107 or 1.651 (default: current)
  --plugins LIST   comma separated, each with a version or without, such as
                   ldap,reverse-proxy-auth-plugin:1.5,url-auth-sso-plugin,configuration-as-code
  --prefix PATH    context path, such as /jenkins (default: none)
  --home DIR       JENKINS_HOME, kept at the end (default: a temporary one, removed at the end)
  --user NAME      the administrator (default: admin)
  --password TEXT  the administrator's password (default: admin-password)
  --help
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      core: { type: "string" },
      plugins: { type: "string" },
      prefix: { type: "string" },
      home: { type: "string" },
      user: { type: "string" },
      password: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const { port, core, plugins, help: _, ...texts } = values;
  const options: ControllerOptions = { ...texts };
  if (core !== undefined) {
    if (core !== "current" && core !== "2.249" && core !== "2.107" && core !== "1.651") {
      throw new Error(`--core is current, 2.249, 2.107 or 1.651, not ${core}`);
    }
    options.core = core;
  }
  if (port !== undefined) options.port = Number(port);
  if (plugins !== undefined) options.plugins = plugins.split(",");

  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  await using controller = await startController(options);
  const { url, user, password, home } = controller;
  process.stdout.write(`url       ${url}\nuser      ${user}\npassword  ${password}\nhome      ${home}\n`);
  if (controller.bootFailure) process.stdout.write(`It did not boot: ${controller.bootFailure}\n`);
  await interrupted;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
