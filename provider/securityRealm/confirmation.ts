import { randomBytes } from "node:crypto";
import { Controller, type Credential, type Identity, type Values } from "../controller";
import { say } from "../engine";
import { NotVerifiedError, ProviderError, retold, UnreachableError } from "../errors";
import type { Confirmation } from "./arguments";
import { operationOf } from "./observation";
import type { Realm } from "./realm";

const whoRunsThis = operationOf<Values, Values, string>("whoRunsThis");

/** What the confirmation of a realm asks for. */
export interface Asked {
  /** The realm, if it is one that a program asked for. */
  readonly realm: Realm | undefined;
  /** Logins that must work, besides our own. */
  readonly as: readonly Confirmation[];
}

/**
 * A look from outside: with connections of its own, that no session and no cookie of an earlier one is on. It is at
 * the controller's own address unless another is given, and with these headers more; at another address with these alone.
 */
export type Outside = <T>(
  where: { readonly url?: string; readonly headers?: Readonly<Record<string, string>> },
  look: (fresh: Controller) => Promise<T>,
) => Promise<T>;

/**
 * Looks from outside, until a point in time.
 *
 * @param ends when every answer must be there, in milliseconds since 1970.
 */
export function outside(controller: Controller, ends: number): Outside {
  return async ({ url, headers }, look) => {
    const left = Math.max(0.5, (ends - Date.now()) / 1000);
    const { callSeconds, answerSeconds, waitSeconds } = controller.settings;
    const fresh = new Controller({
      ...controller.settings,
      callSeconds: Math.min(callSeconds, left),
      answerSeconds: Math.min(answerSeconds, left),
      // A connection that is cut once is tried again; a controller that is gone is not waited for.
      waitSeconds: Math.min(waitSeconds, 2, left),
      ...(url === undefined
        ? { headers: { ...controller.settings.headers, ...headers } }
        : { url: url.replace(/\/+$/, ""), headers: { ...headers } }),
    });
    try {
      return await look(fresh);
    } catch (error) {
      if (!(error instanceof UnreachableError) || Date.now() < ends - 100) throw error;
      const hint =
        "That was all the time of confirm.within: give it more seconds, or see what holds the answer up.";
      throw retold(error, `${error.message} ${hint}`);
    } finally {
      void fresh.close();
    }
  };
}

/** A name that no user has. */
export const madeUpName = () => `made-up-${randomBytes(6).toString("hex")}`;

/**
 * Confirms from outside that the realm in force lets in whom it should, and no client by what should not work.
 *
 * @param madeUp the name of a user whom the checks can make, who must be deleted after them.
 * @throws NotVerifiedError naming the check that failed, and what came back.
 */
export async function confirm(ask: Outside, { realm, as }: Asked, madeUp: string): Promise<void> {
  await check("our own login still administers", () => administer(ask));
  for (const login of as)
    await check(`logging in ${described(login)}`, () => logIn(ask, login, realm?.userHeader));
  for (const { user, password } of realm?.accounts ?? []) {
    const login = { user, password, headers: {} };
    await check(`logging in as "${user}" by the password of accounts`, () => logIn(ask, login));
  }
  if (realm?.lets.includes("cookie")) {
    await check("a made-up cookie does not log in", () => refuseMadeUpCookie(ask));
  } else {
    await check("a wrong password is refused", () => refuseWrongPasswords(ask));
  }
  const header = realm?.userHeader;
  if (header === undefined) return;
  await check(`it is known what a made-up ${header} does`, () => tellOfSpoofing(ask, header, madeUp));
}

async function check(what: string, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new NotVerifiedError(`The check that ${what} failed: ${error.message}`);
  }
}

async function administer(ask: Outside): Promise<void> {
  await ask({}, (fresh) => fresh.run(whoRunsThis, {}, {}));
}

async function logIn(ask: Outside, login: Confirmation, userHeader?: string): Promise<void> {
  const { url, headers } = login;
  const where = { headers, ...(url !== undefined && { url }) };
  const seen = await ask(where, (fresh) => fresh.whoAmI(credentialOf(login)));
  if (seen.kind !== "user" || seen.name.toLowerCase() !== login.user.toLowerCase()) {
    const isMisnamed = seen.kind === "anonymous" && url !== undefined && userHeader !== undefined;
    // What the login came to says more than a failure to explain it.
    const arrived = isMisnamed
      ? await ask(where, (fresh) => fresh.headersWith(login.user, credentialOf(login))).catch(() => [])
      : [];
    if (arrived.length === 0) throw new NotVerifiedError(`whoAmI ${whatCame(seen, login, userHeader)}`);
    throw new NotVerifiedError(
      `whoAmI shows anonymous: the proxy named "${login.user}" in ${arrived.join(" and ")}, and the realm reads ${userHeader}. Make them the same: a SignOn changes both as one, and access.alsoSend of a ProxyConfig sends a header under two names meanwhile.`,
    );
  }
  if (login.group === undefined || seen.groups.includes(login.group)) return;
  throw new NotVerifiedError(
    `whoAmI shows "${seen.name}" without the group "${login.group}". The groups that came: ${seen.groups.map((group) => `"${group}"`).join(", ") || "none"}. A group that is cut in two has the delimiter in its name; one in other letters is another one.`,
  );
}

function whatCame(seen: Identity, { url, cookie, token }: Confirmation, userHeader?: string): string {
  switch (seen.kind) {
    case "user":
      return `shows "${seen.name}" instead.`;
    case "refused":
      if (url !== undefined && token === undefined && userHeader !== undefined) {
        return "was refused (401) by the proxy, which is the one that checks passwords under this realm. Check the password, and that the proxy knows the user.";
      }
      return "was refused (401). The password or token is not the one that this realm takes.";
    case "anonymous":
      if (cookie !== undefined) return "shows anonymous: the site does not know the cookie, or it expired.";
      return url === undefined
        ? "shows anonymous: the realm did not look at what was sent."
        : "shows anonymous: the proxy sent no name on, or under another header than the realm reads.";
    case "unloadable":
      return token === undefined
        ? "was answered 500: the realm, its directory or its site failed."
        : "was answered 500: the realm cannot load that user, or its directory failed.";
  }
}

async function refuseWrongPasswords(ask: Outside): Promise<void> {
  await ask({}, async (fresh) => {
    const { user } = fresh.settings;
    if (user === undefined) return;
    const wrong = randomBytes(16).toString("hex");
    // A directory can take a login without a password for an anonymous one, and let it in.
    for (const secret of [wrong, ""]) {
      const seen = await fresh.whoAmI({ kind: "password", user, secret });
      if (seen.kind !== "user") continue;
      throw new NotVerifiedError(
        `${fresh.url} took ${secret === "" ? "an empty" : "a made-up"} password of "${user}", and let it in as "${seen.name}".`,
      );
    }
  });
}

async function refuseMadeUpCookie(ask: Outside): Promise<void> {
  await ask({}, async (fresh) => {
    const [name = ""] = (fresh.settings.cookie ?? "").split("=", 1);
    const secret = `${name}=${randomBytes(16).toString("hex")}`;
    const seen = await fresh.whoAmI({ kind: "cookie", user: "", secret });
    if (seen.kind !== "user") return;
    throw new NotVerifiedError(
      `The site took a made-up cookie "${name}" for that of "${seen.name}": a client that sends one would be that user. Check targetUrl, and how the site checks its cookies.`,
    );
  });
}

/** Whether a client that reaches the controller past the proxy can be any user. Only the network can prevent that. */
async function tellOfSpoofing(ask: Outside, header: string, name: string): Promise<void> {
  const seen = await ask({ headers: { [header]: name } }, (fresh) => fresh.whoAmI());
  if (seen.kind !== "user" || seen.name !== name) return;
  say(
    `A client that reaches the controller where this run does can be any user: sent straight there, ${header}: ${name} logged in as "${name}". Let nothing but the proxy connect to it (a firewall, or --httpListenAddress=127.0.0.1).`,
  );
}

function credentialOf({ user, password, token, cookie }: Confirmation): Credential | undefined {
  if (password !== undefined) return { kind: "password", user, secret: password };
  if (token !== undefined) return { kind: "token", user, secret: token };
  return cookie === undefined ? undefined : { kind: "cookie", user: "", secret: cookie };
}

function described({ user, password, token, cookie, url }: Confirmation): string {
  const kind =
    password !== undefined
      ? "password"
      : token !== undefined
        ? "token"
        : cookie !== undefined
          ? "cookie"
          : "";
  return `as "${user}"${kind && ` by ${kind}`}${url === undefined ? "" : ` through ${url}`}`;
}
