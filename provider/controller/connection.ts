import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent, errors } from "undici";
import {
  ConfigurationError,
  NotJenkinsError,
  ProviderError,
  RedirectedError,
  UnreachableError,
} from "../errors";
import { excerpt } from "./redaction";
import type { ControllerSettings } from "./settings";

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
  readonly #agent: Dispatcher;
  readonly #origin: string;
  readonly #prefix: string;

  constructor(readonly settings: ControllerSettings) {
    const { origin, pathname } = new URL(settings.url);
    this.#origin = origin;
    this.#prefix = pathname.replace(/\/$/, "");
    const tls =
      settings.caFile === undefined
        ? {}
        : { ca: [...getCACertificates("default"), certificates(settings.caFile)] };
    this.#agent = new EnvHttpProxyAgent({
      connections: 8,
      connect: { ...tls, timeout: milliseconds(settings.connectSeconds) },
      requestTls: tls,
      headersTimeout: milliseconds(settings.answerSeconds),
      bodyTimeout: milliseconds(settings.answerSeconds),
    });
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
    const sent = secretsIn({ ...this.settings.headers, ...headers }, this.settings);
    try {
      const response = await this.#agent.request({
        origin: this.#origin,
        path: this.#prefix + path,
        method,
        headers: {
          ...this.settings.headers,
          ...(form && { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }),
          ...headers,
        },
        body: form ? new URLSearchParams(form).toString() : null,
        signal: AbortSignal.timeout(milliseconds(this.settings.callSeconds)),
      });
      const header = (name: string) => [response.headers[name]].flat().join(", ");
      const text = await readBounded(response.body);
      if (text === undefined) throw new NotJenkinsError(url, response.statusCode, TOO_LONG, "");
      if (response.statusCode >= 300 && response.statusCode < 400) {
        throw new RedirectedError(url, response.statusCode, withoutQuery(header("location")));
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
      throw new UnreachableError(url, reasonOf(error, this.settings));
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
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

/** What of a request nobody may see who is shown what came back, since there are servers that echo a request's headers. */
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

/** Timers take whole milliseconds only. */
const milliseconds = (seconds: number) => Math.round(seconds * 1000);

/** A redirect to a login page often carries a state or a ticket in its query. */
const withoutQuery = (location: string) => location.replace(/[?#].*$/s, "?…");

/** OpenSSL's words for a certificate that is good, but for want of a known issuer. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function reasonOf(error: unknown, settings: ControllerSettings): string {
  if (error instanceof errors.ConnectTimeoutError) return `no connection within ${settings.connectSeconds} s`;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return `connected, but silent for ${settings.answerSeconds} s`;
  }
  const { name, message, code } = error as Error & { code?: string };
  if (name === "TimeoutError") return `no whole answer within ${settings.callSeconds} s`;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE") return "the connection was cut";
  if (code === "ECONNREFUSED") return "nothing listens there (connection refused)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name could not be resolved";
  if (code && UNTRUSTED.has(code)) {
    return "nobody whom this machine trusts vouches for its certificate (jenkins:caFile can name a file of further ones)";
  }
  return message || code || name;
}
