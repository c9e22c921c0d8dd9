/** What a way in came to: what the script printed, or why it did not run. */
type Attempt = { printed: string } | { refused: string };

/** Who runs scripts on a controller, and what lets them in. */
export interface Login {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** An address that takes Groovy by POST and answers what it printed, as console.groovy opens one. */
  readonly console?: string | undefined;
}

/** The script console of a controller, by whichever way gets in under the realm and the crumb issuer of the moment. */
export class ScriptConsole {
  /** An API token of the administrator: it gets in wherever the realm knows the user. */
  token: string | undefined;
  /** The administrator's cookie, which alone gets in under the URL-auth realm. */
  cookie: string | undefined;

  constructor(private readonly login: Login) {}

  /**
   * Runs Groovy and answers what it printed.
   *
   * @throws Error with the trace of what the script throws, and with what each way was answered if none gets in.
   */
  async run(script: string): Promise<string> {
    const refusals: string[] = [];
    for (const [way, headers] of this.#ways()) {
      const attempt = await this.#attempt(headers, script);
      if ("printed" in attempt) return withoutTrace(attempt.printed);
      refusals.push(`${way}: ${attempt.refused}`);
    }
    if (this.login.console) return await this.#runAt(this.login.console, script);
    throw new Error(
      `The script console of ${this.login.url} refused user "${this.login.user}" in each way (${refusals.join("; ")}). Open a console for tests, as test/controller/console.groovy does, and name it in TEST_CONTROLLER_CONSOLE.`,
    );
  }

  *#ways(): Generator<[string, Record<string, string>]> {
    const { user, password } = this.login;
    if (this.token) yield ["by API token", basic(user, this.token)];
    if (this.cookie) yield ["by cookie", { cookie: this.cookie }];
    yield ["by password", basic(user, password)];
  }

  async #runAt(address: string, script: string): Promise<string> {
    const answer = await fetch(address, { method: "POST", body: script });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text}`);
    return text;
  }

  /** A script that was refused did not run, so that the next way may bring it again. */
  async #attempt(headers: Record<string, string>, script: string): Promise<Attempt> {
    const admitted = await this.#admitted(headers);
    if ("refused" in admitted) return admitted;
    const answer = await fetch(`${this.login.url}/scriptText`, {
      method: "POST",
      headers: admitted.headers,
      body: new URLSearchParams({ script }),
    });
    const text = await answer.text();
    return answer.ok ? { printed: text } : { refused: String(answer.status) };
  }

  /** The headers of a login, with a crumb and its session where crumbs are issued. Or why it is no login. */
  async #admitted(
    headers: Record<string, string>,
  ): Promise<{ headers: Record<string, string> } | { refused: string }> {
    const signal = AbortSignal.timeout(5000); // A realm may wait for its directory without end.
    try {
      const issued = await fetch(`${this.login.url}/crumbIssuer/api/json`, { headers, signal });
      const text = await issued.text();
      if (issued.status === 404) return { headers }; // A page: there is no issuer.
      if (!issued.ok) return { refused: String(issued.status) };
      const { crumb, crumbRequestField } = JSON.parse(text) as { crumb: string; crumbRequestField: string };
      const session = issued.headers.getSetCookie().map((set) => set.split(";", 1).join());
      const cookie = [headers.cookie, ...session].filter((value) => value !== undefined).join("; ");
      return { headers: { ...headers, [crumbRequestField]: crumb, cookie } };
    } catch (failure) {
      if (signal.aborted) return { refused: "no answer" };
      throw failure;
    }
  }
}

function basic(user: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` };
}

/** Jenkins answers 200 to a script that throws, with the trace after what it printed. */
function withoutTrace(printed: string): string {
  if (/^[\w.$]+\.[A-Z][\w$]*(: .*)?\n(.*\n)*?\tat /m.test(printed))
    throw new Error(`A script failed: ${printed}`);
  return printed;
}
