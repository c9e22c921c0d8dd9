import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Stack } from "../stack/stack";
import { projectName, stackName } from "../stack/stackFolder";

/**
 * Runs commands as a person does who is in the folder of a stack's program and has selected the stack.
 *
 * @param names what stands in the commands, and what it is called here
 */
export async function inShell(
  stack: Stack,
  commands: string[],
  names: Record<string, string>,
): Promise<string> {
  const script = Object.entries(names).reduce(
    (text, [name, here]) => text.replaceAll(name, here),
    commands.join("\n"),
  );
  const { stdout, stderr } = await promisify(execFile)("sh", ["-exc", script], {
    cwd: stack.folder.program,
    env: { ...stack.environment, PULUMI_STACK: `organization/${projectName}/${stackName}` },
  });
  return stdout + stderr;
}
