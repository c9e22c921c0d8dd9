import { request } from "node:http";

/** What a controller answered. */
export interface Visit {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How to ask. */
export interface Manner {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly form?: Record<string, string>;
  /** A session whose cookies are sent and kept. */
  readonly session?: Map<string, string>;
  /** `user:password`, sent as Basic credentials. */
  readonly as?: string;
}

/** Somebody who asks a controller as a plain HTTP client does: no redirect is followed, and nothing is added. */
export class Visitor {
  constructor(readonly url: string) {}

  async ask(path: string, { method = "GET", headers = {}, form, session, as }: Manner = {}): Promise<Visit> {
    const sent = new Headers(headers);
    if (as) sent.set("authorization", `Basic ${Buffer.from(as).toString("base64")}`);
    if (session?.size) sent.set("cookie", [...session].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await fetch(this.url + path, {
      method: form ? "POST" : method,
      headers: sent,
      redirect: "manual",
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of session ? answer.headers.getSetCookie() : []) {
      const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(cookie) ?? [];
      session?.set(name, value);
    }
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** Asks for a path exactly as it is spelt: fetch would resolve its dot segments. */
  async askRaw(path: string, as: string): Promise<{ status: number; text: string }> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, auth: as }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      sent.on("error", reject).end();
    });
  }

  /** Whom the controller takes somebody for: a name, or the status that came instead. */
  async name(manner: Manner = {}): Promise<string> {
    const { status, text } = await this.ask("/whoAmI/api/json", manner);
    return status === 200 ? JSON.parse(text).name : String(status);
  }

  /** A crumb in the form of a header, with its session. */
  async crumb(as: string): Promise<{ session: Map<string, string>; headers: Record<string, string> }> {
    const session = new Map<string, string>();
    const { text } = await this.ask("/crumbIssuer/api/json", { as, session });
    const { crumb, crumbRequestField } = JSON.parse(text);
    return { session, headers: { [crumbRequestField]: crumb } };
  }

  /** What a script prints that somebody runs in the console by password. */
  async script(script: string, as: string, more: Record<string, string> = {}): Promise<Visit> {
    return this.ask("/scriptText", { as, ...(await this.crumb(as)), form: { script, ...more } });
  }
}
