import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { ProviderError } from "../errors";

/** Something without which nothing can be observed: no engine, no project, no such stack. */
export class CannotLookError extends ProviderError {}

/**
 * A stack of the Pulumi project in a folder.
 *
 * @param name the one that is selected, if none is given.
 * @throws CannotLookError if there is no engine, project or such stack.
 */
export async function openStack(folder: string, name: string | undefined): Promise<Stack> {
  const pulumiCommand = await PulumiCommand.get().catch((failure: Error) => {
    throw new CannotLookError(
      /ENOENT/.test(failure.message)
        ? "The program `pulumi` is not on the PATH. Install it (https://www.pulumi.com/docs/install), and run again."
        : `The program \`pulumi\` cannot be used: ${saidBy(failure)}`,
    );
  });
  // The engine takes a pipeline's PULUMI_SKIP_CONFIRMATIONS for --yes, which it refuses where nothing is to be done.
  const envVars = { PULUMI_SKIP_CONFIRMATIONS: "false" };
  const workspace = await LocalWorkspace.create({ workDir: folder, pulumiCommand, envVars });
  // Selecting would change for which stack the next `pulumi up` in this folder is. Every command names the stack anyway.
  workspace.selectStack = async () => {};
  try {
    const chosen = name ?? (await workspace.stack())?.name;
    if (chosen !== undefined) return await Stack.select(chosen, workspace);
  } catch (failure) {
    throw new CannotLookError(saidBy(failure as Error));
  }
  throw new CannotLookError(
    `No stack is selected in ${folder}. Name one with --stack, or run \`pulumi stack select\`.`,
  );
}

/** What the engine says of its failure, without what the interface to it puts around that. */
export function saidBy({ message }: Error): string {
  const said = [...message.matchAll(/^error: (.+)$/gm)].map(([, words]) => words);
  return said.length > 0 ? [...new Set(said)].join("\n") : message.trim();
}
