import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { getCACertificates } from "node:tls";
import { ConfigurationError, ProviderError } from "../../errors";

/** A request, exactly as it is to go out: neither its path nor its headers are put in order on the way. */
export interface Question {
  readonly path: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Another port than the usual one. */
  readonly port?: number | undefined;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Whether it came over a connection that was there already. */
  readonly reused: boolean;
  /** A header, or "" if it has none of that name. */
  header(name: string): string;
}

/** Where an outsider finds a proxy. */
export interface Place {
  readonly scheme: "http" | "https";
  /** What is connected to. */
  readonly host: string;
  readonly port: number;
  /** What clients call it: what they send as Host. */
  readonly calledHost: string;
  readonly caFile?: string | undefined;
  readonly insecure?: boolean | undefined;
}

/** Nothing came back, or the answer broke off. */
export class NoAnswerError extends ProviderError {
  constructor(
    readonly url: string,
    readonly reason: string,
  ) {
    super(`${url} gave no answer: ${reason}.`);
  }
}

/** How long one answer may take, in seconds. */
const PATIENCE = 15;

/** The most that is read of an answer, in characters. */
const LARGEST = 1024 * 1024;

/** A client that talks to a proxy from outside, and follows no redirect. */
export class Outsider {
  readonly #module: typeof http | typeof https;
  readonly #tls: https.AgentOptions;

  constructor(readonly place: Place) {
    const { scheme, calledHost, insecure, caFile } = place;
    this.#module = scheme === "https" ? https : http;
    const name = calledHost.replace(/:\d+$/, "");
    this.#tls = {
      ...(/^[\d.]+$|^\[/.test(name) ? {} : { servername: name }),
      ...(caFile !== undefined && { ca: [...getCACertificates("default"), certificates(caFile)] }),
      rejectUnauthorized: insecure !== true,
    };
  }

  /** Its address, as a person would write it. */
  get url(): string {
    return `${this.place.scheme}://${this.place.calledHost}`;
  }

  /**
   * @param agent keeps the connection for the next question; without one each has its own.
   * @throws NoAnswerError if there is none.
   */
  ask(question: Question, agent: http.Agent | false = false): Promise<Answer> {
    const { host, calledHost } = this.place;
    const port = question.port ?? this.place.port;
    const called = question.port ? `${calledHost.replace(/:\d+$/, "")}:${port}` : calledHost;
    const connection: [string, string] = ["Connection", agent ? "keep-alive" : "close"];
    const upgrades = question.headers?.some(([name]) => name === "Connection");
    const headers = [["Host", called], ...(upgrades ? [] : [connection]), ...(question.headers ?? [])];
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(new NoAnswerError(`${this.place.scheme}://${called}`, reasonOf(error)));
      const request = this.#module.request({
        ...{ host: host.replace(/^\[|\]$/g, ""), port, path: question.path, agent, ...this.#tls },
        headers: headers.flat(),
        setHost: false,
        signal: AbortSignal.timeout(PATIENCE * 1000),
      } as https.RequestOptions);
      request.once("error", fail);
      request.once("upgrade", (response, socket) => {
        socket.destroy();
        resolve(answerOf(response, "", false));
      });
      request.once("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text = (text + chunk).slice(0, LARGEST);
        });
        response.once("end", () => resolve(answerOf(response, text, request.reusedSocket)));
        response.once("error", fail);
      });
      request.end();
    });
  }

  /** An agent that keeps one connection open, with what this outsider trusts. */
  lasting(): http.Agent {
    return new this.#module.Agent({ keepAlive: true, maxSockets: 1, ...this.#tls });
  }
}

const answerOf = (
  { statusCode = 0, headers }: http.IncomingMessage,
  text: string,
  reused: boolean,
): Answer => ({
  status: statusCode,
  text,
  reused,
  header: (name) => [headers[name.toLowerCase()] ?? ""].flat().join(", "),
});

function certificates(caFile: string): string {
  try {
    return readFileSync(caFile, "utf8");
  } catch (error) {
    throw new ConfigurationError(
      `The file of certificates "${caFile}" (probe.caFile) could not be read: ${(error as Error).message}.`,
    );
  }
}

function reasonOf(error: Error): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError") return `it was silent for ${PATIENCE} s`;
  if (code === "ECONNREFUSED") return "nothing listens there (connection refused)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name could not be resolved";
  if (/CERT|SELF_SIGNED|ALTNAME|VERIFY/.test(code ?? "")) {
    return `its certificate is not trusted (${message}): set probe.caFile to the certificates that clients trust`;
  }
  return message || code || name;
}
