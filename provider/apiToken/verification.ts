import type { Controller, Identity } from "../controller";
import { NotVerifiedError } from "../errors";
import type { DesiredToken } from "./comparison";
import { afterTrial } from "./realmTrial";
import { observeUserNow } from "./userObservation";

/** Logs in with a token; once more if that fails while a realm is tried, which may not know the user. */
export async function verifiedLogin(
  controller: Controller,
  { user, value }: DesiredToken,
): Promise<Identity> {
  const logIn = () => controller.whoAmI({ kind: "token", user, secret: value.digits });
  const seen = await logIn();
  if (isUser(seen, user)) return seen;
  const observation = await observeUserNow(controller, user);
  if (observation.trialSeconds === undefined) return seen;
  await afterTrial(controller, user, observation);
  return logIn();
}

const isUser = (seen: Identity, user: string) =>
  seen.kind === "user" && seen.name.toLowerCase() === user.toLowerCase();

/**
 * Refuses a token that does not log in as its user.
 *
 * @param seen whom the controller saw; nothing if there was no login.
 * @throws NotVerifiedError saying what came back.
 */
export function refuseUnlessSeen(
  seen: Identity | undefined,
  { url }: Controller,
  { user }: DesiredToken,
): void {
  if (!seen || isUser(seen, user)) return;
  throw new NotVerifiedError(
    `The token was set on ${url}, but logging in with it as "${user}" ${whatCame(seen, user)}`,
  );
}

function whatCame(seen: Identity, user: string): string {
  switch (seen.kind) {
    case "refused":
      return "was refused (401). A proxy in front may check passwords itself, or another controller answers at this address.";
    case "unloadable":
      return `answered 500: the token is right, but the security realm cannot load the user (its own database has no password for "${user}", or its directory no such entry). Add "${user}" there, or use a user whom the realm knows.`;
    case "anonymous":
      return "left it anonymous: something on the way drops the Authorization header, or the security realm ignores it. Let the proxy pass it on for API tokens.";
    case "user":
      return `was seen as "${seen.name}": a proxy in front replaces the name. Let it leave requests with an API token alone.`;
  }
}
