import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";

/**
 * Runs npm in a folder, with the Node that runs the tests, and answers what it printed.
 *
 * @throws Error with all that npm said, if it fails
 */
export async function npm(folder: string, ...args: string[]): Promise<string> {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const environment = { ...process.env, PATH: path };
  const { stdout } = await run("npm", args, { cwd: folder, env: environment }).catch((failure) => {
    throw new Error(`npm ${args.join(" ")} failed.\n${failure.stdout}${failure.stderr}`);
  });
  return stdout;
}

const run = promisify(execFile);
