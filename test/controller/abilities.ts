import { execFileSync } from "node:child_process";

/** What not every controller can do, and the cores that can: from a version on, or up to one. */
const CORES = {
  "a token store": { from: "2.129" },
  /** By the methods that the tests themselves call. The provider sets them on cores from 2.129. */
  "tokens of a given value": { from: "2.260" },
  "tokens that expire": { from: "2.548" },
  "tokens without a store": { before: "2.129" },
  "crumbs that are bound to a session": { from: "2.176" },
  "Spring Security": { from: "2.266" },
} satisfies Record<string, { from?: string; before?: string }>;

export type Ability = keyof typeof CORES;

/** Whether the tests run on a controller that TEST_CONTROLLER_URL names, and not on test controllers. */
export const isNamed = Boolean(process.env.TEST_CONTROLLER_URL);

/**
 * Why a test is skipped on the controller that TEST_CONTROLLER_URL names: an ability that its core does not have.
 * False where test controllers are started, of whichever core a test needs: nothing is skipped there.
 */
export function lacking(...abilities: Ability[]): string | false {
  if (!isNamed) return false;
  const missing = abilities.find((ability) => !has(coreVersion(), ability));
  return missing !== undefined && `needs ${missing}, which core ${coreVersion()} does not have`;
}

/** Why a test of what only a test controller has is skipped on one that TEST_CONTROLLER_URL names. */
export const lackingTestController: string | false =
  isNamed && "needs the test controller, with its log, its faults and its kill: unset TEST_CONTROLLER_URL";

/** Whether a core has an ability. */
export function has(version: string, ability: Ability): boolean {
  const { from, before }: { from?: string; before?: string } = CORES[ability];
  return before === undefined ? isAtLeast(version, from ?? "0") : !isAtLeast(version, before);
}

/** Whether a version of a core or a plugin is another one or newer. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [has, needs] = [numbers(version), numbers(least)];
  const differing = needs.findIndex((number, index) => number !== (has[index] ?? 0));
  return differing === -1 || (has[differing] ?? 0) > (needs[differing] ?? 0);
}

let version: string | undefined;

/** As the login page says it, which is open under any realm. Tests are declared at once, so that this waits for it. */
function coreVersion(): string {
  version ??= execFileSync(process.execPath, ["--eval", ASK], { encoding: "utf8" });
  if (version === "")
    throw new Error(`${process.env.TEST_CONTROLLER_URL}/login names no version of Jenkins.`);
  return version;
}

const ASK = `fetch(process.env.TEST_CONTROLLER_URL.replace(/\\/+$/, "") + "/login")
  .then(({ headers }) => process.stdout.write(headers.get("x-jenkins") ?? ""))`;
