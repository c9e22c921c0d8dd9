import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, madeOnce } from "../cache";
import { npm } from "../npm";

/** A package manager, in a version that the tests pin, and how it installs what a project depends on. */
export interface PackageManager {
  /** The npm package that it comes in, and the program in it. */
  readonly from: string;
  readonly program: string;
  readonly install: string[];
  /** How a package names another one of its workspace. */
  readonly workspace: string;
  /** The files that settings are in. */
  readonly files?: Record<string, string>;
}

/** Those that install into `node_modules`. */
export const packageManagers: Record<string, PackageManager> = {
  npm: {
    from: "npm@11.19.1",
    program: "npm",
    install: ["install", "--prefer-offline", "--no-audit", "--no-fund"],
    workspace: "*",
  },
  pnpm: {
    from: "pnpm@12.21.0",
    program: "pnpm",
    install: ["install", "--no-frozen-lockfile", "--store-dir", join(cacheFolder(), "pnpm-store")],
    workspace: "workspace:*",
    files: {
      // Without a decision about the script of a package that Pulumi depends on, pnpm ends with an error.
      "pnpm-workspace.yaml": 'packages: ["apps/*", "packages/*"]\nallowBuilds: { protobufjs: false }\n',
    },
  },
  yarn: {
    from: "@yarnpkg/cli-dist@4.18.1",
    program: "yarn",
    install: ["install"],
    workspace: "workspace:*",
    // An empty lock file is how yarn tells where a project begins.
    files: { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n" },
  },
  bun: { from: "bun@1.4.5", program: "bun", install: ["install"], workspace: "workspace:*" },
};

/** Runs a package manager in a folder, as the user who runs the tests has set up npm: its registry, its certificates. */
export async function installWith(manager: PackageManager, folder: string): Promise<void> {
  const program = join(await installed(manager.from), "node_modules/.bin", manager.program);
  const [registry, cafile] = await Promise.all(
    ["registry", "cafile"].map(async (key) => (await npm(folder, "config", "get", key)).trim()),
  );
  const env = {
    ...process.env,
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    npm_config_registry: registry,
    YARN_NPM_REGISTRY_SERVER: registry,
    ...(cafile && cafile !== "null" ? { YARN_HTTPS_CA_FILE_PATH: cafile } : {}),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false", // On CI it refuses to write the first lock file.
    CI: "true", // Nothing is asked.
  };
  await run(program, manager.install, { cwd: folder, env }).catch((failure) => {
    throw new Error(
      `${manager.program} ${manager.install.join(" ")} failed.\n${failure.stdout}${failure.stderr}`,
    );
  });
}

/** The folder where a package of the registry is installed, once. */
export async function installed(packageAndVersion: string): Promise<string> {
  return await madeOnce("tools", packageAndVersion.replaceAll("/", "+"), async (folder) => {
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
    await npm(folder, "install", "--no-audit", "--no-fund", packageAndVersion);
  });
}

const run = promisify(execFile);
