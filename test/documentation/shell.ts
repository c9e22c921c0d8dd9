import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { findEngine } from "../engine/engine";
import { installedPackage } from "../stack/installedPackage";
import type { Page } from "./pages";

/** What stands in for what a reader has. */
export interface Reader {
  /** The controller's address, for `https://ci.example.com`. */
  readonly url: string;
  /** What is typed when `pulumi config set --secret KEY` asks for a value, by the key. */
  readonly typed: Readonly<Record<string, string>>;
}

/** The languages whose blocks are commands. */
const SHELLS = ["sh", "bash", "shell", "console"];

/** The blocks of a page that are commands. */
export function commandsOn({ blocks }: Page) {
  return blocks.filter(({ language }) => SHELLS.includes(language));
}

/**
 * Does what pages say, one after the other in one shell, in an empty folder of somebody who has no settings: runs their
 * commands, and writes their files. What is marked as needing something is left out.
 *
 * @throws Error with all that a reader would have seen, if a command fails.
 */
export async function follow(pages: readonly Page[], reader: Reader): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-pages-"));
  const place = (name: string) => join(folder, name);
  try {
    await Promise.all(["home", "temporary", "work"].map((name) => mkdir(place(name))));
    const steps = pages.flatMap((page) => stepsOf(page, reader)).join("\n");
    // A file, since what is typed would be in the list of processes otherwise.
    await writeFile(place("steps.sh"), withPackage(steps, await packageFile(folder)), { mode: 0o600 });
    const { stdout, stderr } = await run("bash", ["-euo", "pipefail", place("steps.sh")], {
      cwd: place("work"),
      env: {
        ...(await surroundings()),
        HOME: place("home"),
        PULUMI_HOME: join(place("home"), ".pulumi"),
        TMPDIR: place("temporary"),
      },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout + stderr;
  } catch (failure) {
    const { message, stdout = "", stderr = "" } = failure as Error & { stdout?: string; stderr?: string };
    throw new Error([message, stdout, stderr].join("\n"));
  } finally {
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
}

/** The package as it would come from the registry, where it need not be yet. */
async function packageFile(folder: string): Promise<string> {
  const source = join(await installedPackage(), "node_modules", "pulumi-jenkins-auth");
  const { stdout } = await run("npm", ["pack", "--silent", "--ignore-scripts", source], { cwd: folder });
  return join(folder, stdout.trim());
}

const withPackage = (script: string, file: string) =>
  script.replace(/^(npm install\b.*) pulumi-jenkins-auth$/gm, `$1 ${file}`);

function stepsOf(page: Page, reader: Reader): string[] {
  return page.blocks.flatMap((block) => {
    if (block.file !== undefined) return [`cat > ${block.file} <<'END OF FILE'\n${block.text}END OF FILE`];
    if (!SHELLS.includes(block.language) || block.needs !== undefined) return [];
    return [`echo "# ${page.path}:${block.line}"`, asTyped(block.text, reader)];
  });
}

function asTyped(text: string, { url, typed }: Reader): string {
  return (
    text
      .replaceAll("https://ci.example.com", url)
      // The engine's home folder is the one in the list of users, whatever HOME says.
      .replaceAll("pulumi login --local", 'pulumi login "file://$HOME"')
      .replace(/^(pulumi config set --secret (\S+))$/gm, (_, command: string, key: string) => {
        if (typed[key] === undefined) throw new Error(`Nobody has said what to type for ${key}.`);
        return `${command} <<< '${typed[key]}'`;
      })
  );
}

/**
 * The programs that a reader has, a registry that npm knows how to get to, and answers to what Pulumi asks only a person.
 * Settings of whoever runs the tests, for Pulumi or for a controller, are left out.
 */
async function surroundings(): Promise<NodeJS.ProcessEnv> {
  const { command } = await findEngine();
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PULUMI|JENKINS|TEST_CONTROLLER)_/.test(name),
  );
  const programs = [dirname(process.execPath), process.env.PATH ?? ""];
  if (isAbsolute(command)) programs.unshift(dirname(command));
  return {
    ...Object.fromEntries(kept),
    PATH: programs.join(delimiter),
    PULUMI_CONFIG_PASSPHRASE: "for tests only",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), ".npmrc"),
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), ".npm"),
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
}

const run = promisify(execFile);
