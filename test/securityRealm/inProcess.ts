import { Controller } from "../../provider/controller";
import type { RealmFixture } from "./realmFixture";

/** The controller as a run in this process reaches it, without the engine. */
export function controllerOf(
  { controller, settings }: RealmFixture,
  changes: Partial<Controller["settings"]> = {},
): Controller {
  return new Controller({
    url: controller.url,
    user: controller.user,
    ...settings,
    headers: {},
    connectSeconds: 5,
    answerSeconds: 30,
    callSeconds: 30,
    waitSeconds: 5,
    ...changes,
  });
}

/** What somebody is seen as who logs in like this: the name, or what came instead. */
export async function logIn(fixture: RealmFixture, login: Record<string, string>): Promise<string> {
  const { user = "", password, token, cookie, url } = login;
  const fresh = controllerOf(fixture, url === undefined ? {} : { url });
  try {
    const secret = password ?? token ?? cookie;
    const kind = password !== undefined ? "password" : token !== undefined ? "token" : "cookie";
    const seen = await fresh.whoAmI(secret === undefined ? undefined : { kind, user, secret });
    return seen.kind === "user" ? seen.name : seen.kind;
  } finally {
    await fresh.close();
  }
}
