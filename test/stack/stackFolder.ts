import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Stacks may all have the same names, because each has a backend of its own. */
export const projectName = "program";
export const stackName = "test";

/** Where the parts of a stack are: all of them in one temporary folder. */
export interface StackFolder {
  root: string;
  /** The folder with the program in it. */
  program: string;
  /** The file that the program's text goes to. */
  entry: string;
  config: string;
  backend: string;
  /** The file with the stack's state. */
  state: string;
  /** The home of a user without any settings. */
  home: string;
  /** Where others put their temporary files, so that they go when the stack goes. */
  temporary: string;
  /** Where commands keep their output. */
  logs: string;
}

/** A new stack without a program, as if by `pulumi stack init`, which would take a quarter of a second. */
export async function makeStackFolder(entry: string): Promise<StackFolder> {
  const root = await mkdtemp(join(tmpdir(), "pulumi-stack-"));
  const program = join(root, "program");
  const backend = join(root, "backend");
  const folder: StackFolder = {
    root,
    program,
    entry: join(program, entry),
    config: join(program, `Pulumi.${stackName}.yaml`),
    backend,
    state: join(backend, ".pulumi/stacks", projectName, `${stackName}.json`),
    home: join(root, "home"),
    temporary: join(root, "temporary"),
    logs: join(root, "logs"),
  };
  await Promise.all([folder.home, folder.temporary, folder.logs].map((path) => mkdir(path)));
  await writeFiles(program, {
    "Pulumi.yaml": `name: ${projectName}\nruntime: nodejs\n`,
  });
  await writeFiles(backend, {
    ".pulumi/meta.yaml": "version: 1\n",
    [`.pulumi/stacks/${projectName}/${stackName}.json`]: JSON.stringify({
      version: 3,
      checkpoint: { stack: `organization/${projectName}/${stackName}` },
    }),
  });
  return folder;
}

/** Writes files by their paths in a folder, and makes the folders that they are in. */
export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
