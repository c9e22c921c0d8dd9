import path from "node:path";
import { type ControllerSettings, type ReadConfiguration, settingsOf } from "../controller/settings";
import { ConfigurationError } from "../errors";

/** How a user names a controller on the command line. */
export interface Place {
  readonly url?: string;
  readonly user?: string;
  readonly caFile?: string;
  /** A stack whose configuration is read, as its resources do. */
  readonly stack?: string;
  /** The folder of that stack's project. @default the current folder */
  readonly cwd?: string;
  /** One of the stack's `jenkins:controllers`. */
  readonly controller?: string;
}

/**
 * How to reach the controller that is meant, and as whom.
 *
 * @throws ConfigurationError if there is no such controller, or its settings are incomplete.
 */
export async function settingsFor(place: Place, environment: NodeJS.ProcessEnv): Promise<ControllerSettings> {
  const { stack, controller, cwd = process.cwd() } = place;
  if (stack !== undefined) return settingsOf(controller, await configurationOf(stack, cwd), environment);
  const given: Record<string, string | undefined> = {
    "jenkins:url": place.url ?? environment.JENKINS_URL,
    "jenkins:user": place.user ?? environment.JENKINS_USER_ID,
    "jenkins:token": environment.JENKINS_API_TOKEN,
    "jenkins:password": environment.JENKINS_PASSWORD,
    "jenkins:cookie": environment.JENKINS_COOKIE,
    "jenkins:caFile": place.caFile,
  };
  if (!given["jenkins:url"]) {
    throw new ConfigurationError(
      "no controller is named. Give --url (or JENKINS_URL), --user (or JENKINS_USER_ID) and, in the environment, JENKINS_API_TOKEN or JENKINS_PASSWORD; or give --stack",
    );
  }
  // A variable that is set to nothing is a secret that the pipeline does not have.
  return settingsOf(undefined, (key) => given[key] || undefined, environment);
}

async function configurationOf(stack: string, cwd: string): Promise<ReadConfiguration> {
  // Who names the controller on the command line need not wait until the engine's interface is loaded.
  const { openStack, saidBy } = require("./stack") as typeof import("./stack");
  try {
    const configuration = await (await openStack(path.resolve(cwd), stack)).getAllConfig();
    return (key) => configuration[key]?.value;
  } catch (error) {
    throw new ConfigurationError(
      `the configuration of stack "${stack}" could not be read in ${cwd}: ${saidBy(error as Error)}`,
    );
  }
}
