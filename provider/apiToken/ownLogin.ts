import { type Controller, type Credential, configuredAt } from "../controller";
import { fromToken } from "./tokenValue";
import { fingerprintOf, type SeenToken } from "./userObservation";

/**
 * Of the tokens of a user that are about to be revoked, those that this run logs in with and cannot do without. A token
 * whose value another entry of the user keeps is not among them, nor one beside which a password gets in as well.
 *
 * @param staying the fingerprints of the values that go on logging in.
 */
export async function neededByThisRun(
  controller: Controller,
  user: string,
  going: readonly SeenToken[],
  staying: readonly string[],
): Promise<SeenToken[]> {
  const needed: SeenToken[] = [];
  for (const token of going) {
    const { fingerprint, expired = false } = token;
    if (expired || staying.includes(fingerprint)) continue;
    if (await isNeeded(controller, user, fingerprint)) needed.push(token);
  }
  return needed;
}

/** Whether this run logs in by a token of a user, so that one that is revoked there might be the one. */
export const logsInByTokenOf = (controller: Controller, user: string): boolean =>
  loginsAt(controller).some(({ credentials }) => credentials.some((each) => isTokenOf(each, user)));

async function isNeeded(controller: Controller, user: string, fingerprint: string): Promise<boolean> {
  const isThisToken = (credential: Credential) =>
    isTokenOf(credential, user) && fingerprintOf(fromToken(credential.secret)) === fingerprint;
  for (const login of loginsAt(controller)) {
    if (login.credentials.some(isThisToken) && !(await login.getsInWithout(isThisToken))) return true;
  }
  return false;
}

/**
 * The controller through which the token is managed, and those of the configuration at the same address. What another
 * resource was given as its controller is not among them: the engine deletes that resource before the token of its output.
 */
const loginsAt = (controller: Controller): Controller[] => [
  ...new Set([controller, ...configuredAt(controller.url)]),
];

/** Jenkins takes a token as a password too, so that it can be in either place. */
const isTokenOf = ({ kind, user, secret }: Credential, owner: string): boolean =>
  kind !== "cookie" && user.toLowerCase() === owner.toLowerCase() && /^(11)?[0-9a-f]{32}$/i.test(secret);
