import { NotJenkinsError, NotReadyError, RedirectedError, type Refusal, RefusedError } from "../errors";
import { type Answer, Connection } from "./connection";
import { gathering } from "./gathering";
import { limiting } from "./limiting";
import { type Credential, Login, refusalIn } from "./login";
import { unreadinessIn, untilReady } from "./readiness";
import { type Call, formOf, type Operation, type Outcome, outcomesIn, sizeOf, type Values } from "./script";
import type { ControllerSettings } from "./settings";
import { withRealmBehind } from "./signOn";
import { namingProxy } from "./unreachable";

/** Whom a controller takes a request for: the answer of `/whoAmI`, or what came in its place. */
export type Identity =
  | { readonly kind: "user"; readonly name: string; readonly groups: readonly string[] }
  | { readonly kind: "anonymous" }
  | { readonly kind: "refused" }
  | { readonly kind: "unloadable" };

/**
 * How much JSON goes out in one request, in characters. Posting makes about half as much again of it, and the form that
 * a servlet container accepts can be as small as 200 kB.
 */
const MOST_JSON = 100_000;

/** How many logins are tried at the same time: as many as there are connections, so that none waits with its clock running. */
const MOST_LOGINS = 8;

/** A Jenkins controller, as the resources talk to it. */
export class Controller {
  readonly url: string;
  readonly #connection: Connection;
  readonly #logins: Login[];
  readonly #carryOut: (call: Call) => Promise<Outcome>;
  readonly #oneOfFew = limiting(MOST_LOGINS);

  constructor(readonly settings: ControllerSettings) {
    this.url = settings.url;
    this.#connection = new Connection(settings);
    this.#logins = credentialsOf(settings).map((credential) => new Login(this.#connection, credential));
    this.#carryOut = gathering((calls) => this.#send(calls), sizeOf, MOST_JSON);
  }

  /**
   * Runs an operation on the controller. Calls that wait at the same time go out as one script, in their order, each
   * failing alone.
   *
   * @throws ProviderError saying what came back, and what to do.
   */
  async run<Input extends Values, Secret extends Values, Result>(
    operation: Operation<Input, Secret, Result>,
    input: Input,
    secret: Secret,
  ): Promise<Result> {
    const outcome = await this.#carryOut({ operation, input, secret });
    if ("error" in outcome) throw outcome.error;
    return outcome.answer as Result;
  }

  /**
   * Logs in afresh, without a session, and tells whom the controller saw. This counts as a use of a token. Without a
   * credential it asks unauthenticated, with no more than the headers of the settings.
   */
  async whoAmI(credential?: Credential): Promise<Identity> {
    return this.#explaining(() => this.#askWhoAmI(credential));
  }

  async #askWhoAmI(credential: Credential | undefined): Promise<Identity> {
    const login = new Login(this.#connection, credential);
    const answer = await this.#oneOfFew(() =>
      this.#whenReady(async () => {
        const answer = await login.get(WHO_AM_I);
        if (answer.status === 401 || answer.status >= 500) await this.#throwWhileStarting();
        return answer;
      }),
    );
    if (answer.status === 401 || answer.status === 403) return { kind: "refused" };
    if (answer.status === 500 && isOfJenkins(answer)) return { kind: "unloadable" };
    try {
      const { name, anonymous, authorities } = JSON.parse(answer.text);
      if (typeof name === "string") {
        return anonymous ? { kind: "anonymous" } : { kind: "user", name, groups: [authorities ?? []].flat() };
      }
    } catch {
      // No JSON: told below.
    }
    throw new NotJenkinsError(
      this.url,
      answer.status,
      "something else than whoAmI",
      answer.excerpt(credential ? [credential.secret] : []),
      answer.header("server"),
    );
  }

  /**
   * The headers with a value that reached the controller, by their names in lower case, as its page `/whoAmI/` lists them.
   * Newer cores list them to administrators alone, so that there may be none.
   */
  async headersWith(value: string, credential?: Credential): Promise<string[]> {
    const { text } = await new Login(this.#connection, credential).get(WHO_AM_I_PAGE);
    const rows = text.matchAll(/<td[^>]*>\s*([^<\s]+)\s*<\/td>\s*<td[^>]*>\s*([^<]*?)\s*<\/td>/g);
    return [...rows].filter((row) => row[2] === value).map((row) => String(row[1]).toLowerCase());
  }

  /** What it logs in with; nothing where it asks anonymously. */
  get credentials(): readonly Credential[] {
    return this.#logins.flatMap(({ credential }) => credential ?? []);
  }

  /** Whether another credential gets in than those that are about to be lost, as the user to whom it belongs. */
  async getsInWithout(isLost: (credential: Credential) => boolean): Promise<boolean> {
    for (const credential of this.credentials) {
      if (isLost(credential)) continue;
      const seen = await this.whoAmI(credential);
      const { user, kind } = credential;
      if (seen.kind === "user" && (kind === "cookie" || seen.name.toLowerCase() === user.toLowerCase()))
        return true;
    }
    return false;
  }

  /** Gives its connections back. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  async #send(calls: Call[]): Promise<Outcome[]> {
    const { nonce, form } = formOf(calls);
    return this.#explaining(async () => {
      const answer = await this.#whenReady(() => this.#postByFirstLogin(form));
      return outcomesIn(answer, nonce, calls, this.url);
    });
  }

  /** Adds to an error what is found out only after it: who sent a redirect, and the proxy that was on the way. */
  async #explaining<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const known = error instanceof RedirectedError ? await withRealmBehind(error, this.#connection) : error;
      throw namingProxy(known, this.#connection.route.proxy);
    }
  }

  #whenReady(ask: () => Promise<Answer>): Promise<Answer> {
    return untilReady(this.url, this.settings.waitSeconds, async () => {
      const answer = await ask();
      const unready = unreadinessIn(answer, this.url);
      if (unready) throw unready;
      return answer;
    });
  }

  /** Tries the credentials in their order, from the one that worked last. */
  async #postByFirstLogin(form: Record<string, string>): Promise<Answer> {
    const refusals: RefusedError[] = [];
    for (const login of [...this.#logins]) {
      const answer = await this.#post(login, form);
      const refusal =
        refusalIn(answer, this.url, login.credential) ?? (await this.#refusalBehind(answer, login));
      if (!refusal) return answer;
      refusals.push(refusal);
      // The user got in, and may not do this: other credentials of the same user change nothing.
      if (refusal.refusal === "permission") break;
      await this.#throwWhileStarting();
      // A credential that was refused is tried again only if all the others are refused too.
      this.#logins.push(this.#logins.shift() as Login);
    }
    throw mostTelling(refusals);
  }

  /**
   * Posts a script. The last answer of a start is a 500 that hangs until all is ready, so that one 500 is asked about once
   * more.
   */
  async #post(login: Login, form: Record<string, string>): Promise<Answer> {
    const answer = await login.post("/scriptText", form);
    if (answer.status !== 500) return answer;
    await this.#throwWhileStarting();
    return login.post("/scriptText", form);
  }

  /**
   * While a controller starts it refuses good credentials and crumbs for a moment, and its filters fail. Its login page alone
   * tells when it is ready.
   *
   * @throws NotReadyError if it is not.
   */
  async #throwWhileStarting(): Promise<void> {
    const answer = await this.#connection.ask({ path: "/login" }).catch((error) => {
      // Where logging in is another site's matter the page sends people there, and is ready.
      if (error instanceof RedirectedError) return undefined;
      throw error;
    });
    if (answer?.status === 503) throw new NotReadyError(this.url, answer.status, true);
    const unready = answer && unreadinessIn(answer, this.url);
    if (unready) throw unready;
  }

  /**
   * What is behind a 500, as `/whoAmI` tells it. A good token of a user whom the security realm cannot load is
   * answered 500 there too. Under a realm without a login page of its own, 500 is also what an unauthenticated request gets.
   */
  async #refusalBehind(answer: Answer, login: Login): Promise<RefusedError | undefined> {
    const { credential } = login;
    if (answer.status !== 500 || credential === undefined) return undefined;
    const seen = await login.get(WHO_AM_I);
    const { status, text } = seen;
    const refused = (why: Refusal) => new RefusedError(this.url, credential.user, answer.status, why);
    if (status === 500 && credential.kind === "token" && isOfJenkins(seen)) return refused("realm");
    if (status !== 200 || !/"anonymous"\s*:\s*true/.test(text)) return undefined;
    return refused(credential.kind === "cookie" ? "cookie" : "anonymous");
  }
}

/** A token that was recognised says more than a wrong one, and a wrong one more than one that was not looked at. */
function mostTelling(refusals: readonly RefusedError[]): RefusedError | undefined {
  const of = (kind: RefusedError["refusal"]) => refusals.findLast(({ refusal }) => refusal === kind);
  return of("permission") ?? of("realm") ?? of("credentials") ?? of("cookie") ?? refusals.at(-1);
}

const WHO_AM_I = "/whoAmI/api/json";
const WHO_AM_I_PAGE = "/whoAmI/";

/** Whether an error page has a mark of Jenkins or of its web server. A proxy in front has pages of its own. */
const isOfJenkins = ({ text, header }: Answer) =>
  header("x-jenkins") !== "" ||
  /^Jetty/.test(header("server")) ||
  /jenkins|hudson|stapler|jetty|springframework|oops!|HTTP ERROR 500/i.test(text);

/**
 * A token is tried before a password: the password is for the first run, before the token exists. A cookie comes last,
 * because it is of use under the URL-auth realm alone.
 */
function credentialsOf({ user, token, password, cookie }: ControllerSettings): (Credential | undefined)[] {
  const credentials: Credential[] = [];
  if (user && token) credentials.push({ kind: "token", user, secret: token });
  if (user && password) credentials.push({ kind: "password", user, secret: password });
  if (cookie) credentials.push({ kind: "cookie", user: "", secret: cookie });
  return credentials.length > 0 ? credentials : [undefined];
}
