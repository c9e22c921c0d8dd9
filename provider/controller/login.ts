import { NotJenkinsError, RefusedError } from "../errors";
import { basicAuthorization } from "../http";
import type { Answer, Connection } from "./connection";
import { unreadinessIn } from "./readiness";

/** What a client shows to get in. */
export interface Credential {
  readonly kind: "token" | "password" | "cookie";
  /** Whose it is; "" for a cookie, which tells that itself. */
  readonly user: string;
  /** The token, the password, or what a Cookie header says: `name=value`. */
  readonly secret: string;
}

/** The crumb that posts carry, with the session that it is valid in. */
interface Crumb {
  readonly field: string;
  readonly value: string;
  readonly cookies: readonly string[];
}

/**
 * One way into a controller.
 *
 * A token is sent without cookie and crumb: Jenkins does not look at the Authorization header of a request whose
 * session is logged in already, and then asks for the crumb that tokens are spared. A password needs both, from the
 * same session, since the crumb is made from the session's id. So does the cookie of a single sign-on site, which is what
 * counts under the URL-auth realm.
 */
export class Login {
  #crumb: Crumb | undefined;

  constructor(
    private readonly connection: Connection,
    readonly credential: Credential | undefined,
  ) {}

  /** Posts a form, with a crumb where one is due; a crumb that has expired is fetched again, once. */
  async post(path: string, form: Record<string, string>): Promise<Answer> {
    if (this.credential && this.credential.kind !== "token") this.#crumb ??= await this.#fetchCrumb();
    const answer = await this.#post(path, form);
    if (!wantsCrumb(answer)) return answer;
    // Besides an expired one: cores before 2.107, and containers that do the logging in, want a crumb of tokens too.
    this.#crumb = await this.#fetchCrumb();
    return this.#post(path, form);
  }

  #post(path: string, form: Record<string, string>): Promise<Answer> {
    return this.connection.ask({
      method: "POST",
      path,
      form,
      headers: {
        ...this.#identification(this.#crumb?.cookies),
        ...(this.#crumb && { [this.#crumb.field]: this.#crumb.value }),
      },
    });
  }

  /** Asks without a session, so that it is these credentials that are checked. */
  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.connection.ask({ path, headers: { ...headers, ...this.#identification() } });
  }

  #identification(session: readonly string[] = []): Record<string, string> {
    const { kind, user, secret } = this.credential ?? {};
    const cookies = kind === "cookie" ? [String(secret), ...session] : session;
    return {
      ...(cookies.length > 0 && { cookie: cookies.join("; ") }),
      ...((kind === "token" || kind === "password") && {
        authorization: basicAuthorization(user, secret),
      }),
    };
  }

  async #fetchCrumb(): Promise<Crumb | undefined> {
    const answer = await this.get("/crumbIssuer/api/json");
    const unready = unreadinessIn(answer, this.connection.settings.url);
    if (unready) throw unready;
    // No crumb issuer: this controller wants none. A refusal is met again by the post, where it is told in full; under
    // the URL-auth realm it is a 500, for want of a login page.
    const refused = refusalIn(answer, this.connection.settings.url, this.credential);
    // The post would be refused for want of the crumb, which says less than the permission that its page asked for.
    if (refused?.refusal === "permission") throw refused;
    if ([401, 403, 404, 500].includes(answer.status)) return undefined;
    try {
      const { crumb, crumbRequestField } = JSON.parse(answer.text) as Record<string, string>;
      if (crumb && crumbRequestField) {
        return { field: crumbRequestField, value: crumb, cookies: answer.cookies };
      }
    } catch {
      // No JSON: told below.
    }
    throw new NotJenkinsError(
      this.connection.settings.url,
      answer.status,
      "something else than a crumb",
      answer.excerpt([this.credential?.secret ?? ""]),
      answer.header("server"),
    );
  }
}

const wantsCrumb = (answer: Answer) => answer.status === 403 && /no valid crumb/i.test(answer.text);

/** Turns an answer that says no into the error that says why. Any other answer is left alone. */
export function refusalIn(answer: Answer, url: string, credential?: Credential): RefusedError | undefined {
  const user = credential?.user ?? "";
  const refused = (why: ConstructorParameters<typeof RefusedError>[3], permission?: string) =>
    new RefusedError(url, user, answer.status, why, permission);
  const challenge = answer.header("www-authenticate");
  if (answer.status === 401) return refused(/^$|realm="?Jenkins/i.test(challenge) ? "credentials" : "front");
  if (answer.status !== 403) return undefined;
  const permission = answer.header("x-required-permission");
  const seenAs = answer.header("x-you-are-authenticated-as");
  if (credential?.kind === "cookie" && !permission) return refused("cookie");
  // The crumb is asked for before the permission, so that no client comes further than that.
  if (wantsCrumb(answer)) return refused(credential ? "crumb" : "anonymous");
  if (permission && seenAs !== "anonymous") return refused("permission", permission);
  // Anything else that forbids this, such as a proxy that keeps users away from the script console, is no Jenkins.
  return seenAs || answer.header("x-jenkins") ? refused("anonymous") : undefined;
}
