import { type CustomResourceOptions, type Input, Output, output, RunError, secret } from "@pulumi/pulumi";

/** Where a controller is, and as whom it is managed: for one that is made in the same program, or needs its own settings. */
export interface ControllerArgument {
  /**
   * The controller's address, with its context path if it has one.
   * @example
   * ```ts
   * url: "https://ci.example.com/jenkins"
   * ```
   */
  url: Input<string>;
  /**
   * The id of a user who holds Overall/Administer, whom the token and the password belong to.
   * @default none: a {@link cookie} says by itself whose it is
   */
  user?: Input<string>;
  /** That user's API token. It is tried before the password. */
  token?: Input<string>;
  /** That user's password: for the first run, before there is a token. */
  password?: Input<string>;
  /**
   * The cookie of an administrator who is signed in at the site that the URL-auth realm asks, with its name. Under that
   * realm it is the only way in, so it is tried where the token and the password are not looked at.
   * @example
   * ```ts
   * cookie: config.requireSecret("ssoCookie") // sso=eyJhbGciOi…
   * ```
   */
  cookie?: Input<string>;
  /** A file of certificates (PEM) to trust beside those of the system. */
  caFile?: Input<string>;
  /**
   * Headers to send with each request, for a front that wants a login of its own.
   * @example
   * ```ts
   * headers: { "Proxy-Authorization": config.requireSecret("frontDoor") }
   * ```
   */
  headers?: Input<Record<string, Input<string>>>;
  /** How long a connection may take to open, in seconds. @default 10 */
  connectSeconds?: Input<number>;
  /** How long the controller may be silent, in seconds. @default 60 */
  answerSeconds?: Input<number>;
  /** How long one request may take as a whole, in seconds. @default 120 */
  callSeconds?: Input<number>;
  /** How long to wait for a controller that starts or cannot be reached yet, in seconds. @default 60 */
  waitSeconds?: Input<number>;
}

/** A value that the state encrypts, even if the program passes it in the clear. */
export function concealed<T>(value: Input<T> | undefined): Output<T> | undefined {
  return value === undefined ? undefined : (secret(value) as Output<T>);
}

/** A controller whose credentials the state encrypts. */
export function concealedController(
  controller: Input<string | ControllerArgument> | undefined,
): Input<unknown> | undefined {
  if (controller === undefined || typeof controller === "string") return controller;
  if (isLater(controller)) return secret(output(controller));
  const { token, password, cookie, headers } = controller;
  return given({
    ...controller,
    token: concealed(token),
    password: concealed(password),
    cookie: concealed(cookie),
    headers: concealed(headers),
  });
}

/** Whether a value is one that the program does not know by itself. */
export const isLater = (value: unknown): value is Output<unknown> | Promise<unknown> =>
  Output.isInstance(value) || value instanceof Promise;

/** The arguments that were given: the SDK makes an output of each property, also of one that is undefined. */
export function given<Arguments extends object>(args: Arguments): Arguments {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as Arguments;
}

/** Dynamic providers have no import, and the engine's own message for that does not help. */
export function refuseImport(type: string, options: CustomResourceOptions, instead: string): void {
  if (options.import !== undefined) {
    throw new RunError(`${type} has no import: Pulumi offers it to no dynamic provider. ${instead}`);
  }
}
