import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import type { Dispatcher } from "undici";
import { ConfigurationError, NotJenkinsError, ProviderError, RedirectedError } from "../errors";
import { type Route, routeTo } from "./forwardProxy";
import { excerpt } from "./redaction";
import type { ControllerSettings } from "./settings";
import { signOnIn } from "./signOn";
import { milliseconds, type Transport, transportTo } from "./transport";
import { loginRequiredBy, unreachableBy } from "./unreachable";

/** One request to a controller, below its URL. */
export interface Question {
  readonly method?: "GET" | "POST";
  /** Path below the controller's URL, with its leading slash: `/whoAmI/api/json`. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** Fields to post, URL encoded. */
  readonly form?: Record<string, string>;
}

/** What came back, read whole. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The cookies that it sets, as a Cookie header would name them. */
  readonly cookies: string[];
  /** A header of the answer, or "" if it has none of that name. */
  header(name: string): string;
  /** Its first lines, for an error message: without these secrets, and without any that went along with the question. */
  excerpt(secrets: readonly string[]): string;
}

/** The most that is read of one answer, in bytes: the tokens of several ten thousand users fit, a runaway log does not. */
const LARGEST_ANSWER = 32 * 1024 * 1024;

/** The HTTP side of one controller: a pool of kept-alive connections, deadlines, bounds, and no redirects. */
export class Connection {
  /** How requests get there, by the environment of this process. */
  readonly route: Route;
  readonly #transport: Transport;

  /** @throws ConfigurationError if a file or the forward proxy that goes with these settings cannot be used. */
  constructor(readonly settings: ControllerSettings) {
    const { url, caFile } = settings;
    const trust = caFile === undefined ? {} : { ca: [...getCACertificates("default"), certificates(caFile)] };
    this.route = routeTo(url, process.env);
    this.#transport = transportTo(settings, this.route, trust);
  }

  /**
   * Sends one request and reads the answer, whatever its status.
   *
   * @throws UnreachableError if no whole answer came within the deadlines.
   * @throws RedirectedError if the answer is a redirect.
   * @throws NotJenkinsError if the answer is longer than any that a controller gives.
   */
  async ask({ method = "GET", path, headers = {}, form }: Question): Promise<Answer> {
    const { url } = this.settings;
    const { dispatcher, origin, prefix, headers: forProxy } = this.#transport;
    const sent = [
      ...secretsIn({ ...this.settings.headers, ...headers, ...forProxy }, this.settings),
      ...(this.route.proxy?.login ? [this.route.proxy.login.password] : []),
    ];
    try {
      const response = await dispatcher.request({
        origin,
        path: prefix + path,
        method,
        headers: {
          ...this.settings.headers,
          ...(form && { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }),
          ...headers,
          ...forProxy,
        },
        body: form ? new URLSearchParams(form).toString() : null,
        signal: AbortSignal.timeout(milliseconds(this.settings.callSeconds)),
      });
      const header = (name: string) => [response.headers[name]].flat().join(", ");
      const text = await readBounded(response.body);
      if (text === undefined) throw new NotJenkinsError(url, response.statusCode, TOO_LONG, "");
      if (response.statusCode === 407 && this.route.proxy) {
        throw loginRequiredBy(this.route.proxy, url, header("proxy-authenticate"));
      }
      if (response.statusCode >= 300 && response.statusCode < 400) {
        const location = header("location");
        throw new RedirectedError(url, response.statusCode, withoutQuery(location), signOnIn(location));
      }
      const cookies = [response.headers["set-cookie"] ?? []]
        .flat()
        .map((cookie) => cookie.split(";", 1).join());
      return {
        status: response.statusCode,
        text,
        cookies,
        header,
        excerpt: (secrets) => excerpt(text, [...sent, ...secrets]),
      };
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      throw unreachableBy(error as Error, this.settings, this.route.proxy);
    }
  }

  close(): Promise<void> {
    return this.#transport.dispatcher.close();
  }
}

function certificates(caFile: string): string {
  try {
    return readFileSync(caFile, "utf8");
  } catch (error) {
    throw new ConfigurationError(
      `The file of certificates "${caFile}" (jenkins:caFile) could not be read: ${(error as Error).message}.`,
    );
  }
}

/** What of a request must not be shown with what came back, since there are servers that echo a request's headers. */
function secretsIn(
  headers: Record<string, string>,
  { token, password, cookie }: ControllerSettings,
): string[] {
  // A value is a scheme with credentials, or cookies with their names: whatever part is long enough to be a secret is one.
  const parts = Object.values(headers)
    .flatMap((value) => [value, ...value.split(/[\s;,]+/)])
    .flatMap((part) => [part, part.replace(/^[^=]*=/, "")])
    .filter(({ length }) => length >= 8);
  return [token, password, cookie, ...parts].filter((secret) => secret !== undefined);
}

const TOO_LONG = `an answer longer than ${LARGEST_ANSWER / 1024 / 1024} MiB`;

/** The text of an answer; nothing if it is longer than the bound. */
async function readBounded(body: Dispatcher.ResponseData["body"]): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A redirect to a login page often carries a state or a ticket in its query. */
const withoutQuery = (location: string) => location.replace(/[?#].*$/s, "?…");
