import { z } from "zod";
import { ConfigurationError } from "../errors";
import { loginName } from "./userId";

const seconds = (fallback: number) => {
  const message = "must be a number of seconds, more than 0 and at most 3600";
  return z.number(message).positive(message).max(3600, message).default(fallback);
};

/** A cookie as a Cookie header names it. */
export const cookie = z
  .string()
  .regex(/^[^\s=;]+=\S*$/, "must be a cookie with its name, such as session=0123abcd");

/** How one controller is reached, and as whom. */
export const controllerSchema = z.strictObject({
  url: z
    .url({
      protocol: /^https?$/,
      error: "must be a http or https address, such as https://ci.example.com/jenkins",
    })
    .refine(
      (url) => !/[?#]|\/\/[^/]*@/.test(url),
      "may hold neither a query nor credentials: those go into user, token and password",
    )
    .transform((url) => url.replace(/\/+$/, "")),
  user: loginName.optional(),
  token: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  cookie: cookie.optional(),
  caFile: z.string().min(1).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  connectSeconds: seconds(10),
  answerSeconds: seconds(60),
  callSeconds: seconds(120),
  waitSeconds: seconds(60),
});

/** The settings of one controller, complete with defaults. */
export type ControllerSettings = z.output<typeof controllerSchema>;

/** A controller as a resource names it: by its name under `jenkins:controllers`, or by where it is. */
export const controllerArgument = z.union([z.string().min(1), controllerSchema]).optional();

/** How a resource says which controller it belongs to. */
export type ControllerChoice = z.output<typeof controllerArgument>;

/** Reads one key of the stack's configuration: `jenkins:url`. */
export type ReadConfiguration = (key: string) => string | undefined;

const keys = Object.keys(controllerSchema.shape) as (keyof ControllerSettings)[];

/**
 * The settings of the controller that a resource chose: what the resource itself says, else the stack's configuration,
 * else the environment under the names that the Jenkins command line uses.
 *
 * Credentials are taken from one place as a whole, so that a token of one controller never goes to another by accident.
 *
 * @throws ConfigurationError if there is no such controller, or its settings are incomplete.
 */
export function settingsOf(
  choice: ControllerChoice,
  configuration: ReadConfiguration,
  environment: NodeJS.ProcessEnv,
): ControllerSettings {
  if (typeof choice === "object") return parse("the argument controller", choice);
  if (typeof choice === "string")
    return parse(`jenkins:controllers, "${choice}"`, withNumbers(named(choice, configuration)));

  const given = Object.fromEntries(
    keys.map((key) => [key, configuration(`jenkins:${key}`)]).filter(([, value]) => value !== undefined),
  );
  if (given.headers !== undefined) given.headers = json("jenkins:headers", given.headers);
  given.url ??= environment.JENKINS_URL;
  if (given.url === undefined) {
    throw new ConfigurationError(
      "No controller is set. Run `pulumi config set jenkins:url https://ci.example.com`, then jenkins:user and (with --secret) jenkins:token or jenkins:password; or export JENKINS_URL, JENKINS_USER_ID and JENKINS_API_TOKEN.",
    );
  }
  if (["user", "token", "password", "cookie"].every((name) => given[name] === undefined)) {
    given.user = environment.JENKINS_USER_ID;
    given.token = environment.JENKINS_API_TOKEN;
  }
  return parse("the configuration", withNumbers(given));
}

/** The names of the controllers in the configuration; none if they cannot be read. */
export function namesOf(configuration: ReadConfiguration): string[] {
  try {
    return Object.keys(controllersIn(configuration));
  } catch (error) {
    if (error instanceof ConfigurationError) return [];
    throw error;
  }
}

const controllersIn = (configuration: ReadConfiguration): object =>
  json("jenkins:controllers", configuration("jenkins:controllers") ?? "{}");

function named(name: string, configuration: ReadConfiguration): object {
  const controllers = controllersIn(configuration);
  const names = Object.keys(controllers);
  if (!names.includes(name)) {
    throw new ConfigurationError(
      `There is no controller "${name}" under jenkins:controllers (${names.join(", ") || "which is empty"}). Run \`pulumi config set --path 'jenkins:controllers.${name}.url' https://ci.example.com\`.`,
    );
  }
  return (controllers as Record<string, object>)[name] ?? {};
}

function json(key: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below, without the text: it can hold secrets.
  }
  throw new ConfigurationError(`${key} is no JSON object. Set it with \`pulumi config set --path\`.`);
}

function parse(origin: string, value: unknown): ControllerSettings {
  const result = controllerSchema.safeParse(withoutUndefined(value));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`);
    throw new ConfigurationError(
      `The controller's settings in ${origin} are not usable: ${faults.join("; ")}.`,
    );
  }
  const { user, token, password } = result.data;
  if ((token ?? password) !== undefined && user === undefined) {
    throw new ConfigurationError(
      `In ${origin} there is a token or password, but no user to whom it belongs.`,
    );
  }
  return result.data;
}

/** The configuration is text: it has numbers as their digits. */
const withNumbers = (settings: object) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      name.endsWith("Seconds") && /^[0-9.]+$/.test(value) ? Number(value) : value,
    ]),
  );

const withoutUndefined = (value: unknown) =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, kept]) => kept !== undefined));
