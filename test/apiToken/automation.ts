import type { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { Stack } from "../stack/stack";
import { deploy, program } from "./deploy";

/** Credentials of a run. */
interface Credentials {
  readonly token?: string;
  readonly password?: string;
}

/** A stack that logs in as a user of its own. */
export interface Automation extends AsyncDisposable {
  readonly user: string;
  readonly password: string;
  readonly stack: Stack;
  /** Replaces the resources. */
  write(resources: string): Promise<void>;
  /** Has the next runs log in with these credentials and no others. */
  logIn(credentials: Credentials): Promise<void>;
}

/**
 * A stack that logs in as a user of its own, at first with the password. At the end it is destroyed with the password, so
 * that nothing is left of it.
 *
 * @param resources what it manages, in which USER stands for the user
 */
export async function automation(controller: ControllerUnderTest, resources: string): Promise<Automation> {
  const user = await controller.makeUser();
  const password = `${user}-password`;
  const stack = await deploy(controller, resources.replaceAll("USER", user));
  const logIn = (credentials: Credentials) =>
    stack.configure(
      { ...controller.config, "jenkins:user": user },
      Object.fromEntries(Object.entries(credentials).map(([name, value]) => [`jenkins:${name}`, value])),
    );
  await logIn({ password });
  return {
    user,
    password,
    stack,
    write: (resources) => stack.write(program(resources.replaceAll("USER", user))),
    logIn,
    async [Symbol.asyncDispose]() {
      await logIn({ password });
      await stack[Symbol.asyncDispose]();
    },
  };
}
