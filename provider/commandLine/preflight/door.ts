import type { Answer, Connection } from "../../controller/connection";
import { isPassing, unreadinessIn, untilReady } from "../../controller/readiness";
import { excerpt } from "../../controller/redaction";
import { kindOf } from "../../controller/script";
import type { ControllerSettings } from "../../controller/settings";
import { say } from "../../engine";
import { NotJenkinsError, RedirectedError } from "../../errors";
import type { Measurement } from "./clock";
import { type Finding, ok, warning } from "./report";

/** What a client without credentials meets at the address of a controller. */
export interface Door {
  /** What is in front of Jenkins for such people; nothing if it is Jenkins who answers. */
  readonly guard: string | undefined;
  /** Whom Jenkins takes them for. */
  readonly seenAs: string | undefined;
  /** The version that Jenkins shows to every client. */
  readonly core: string | undefined;
  /** The program that says that it answers, and the proxies that say that they passed it on. */
  readonly answeredBy: string;
  readonly milliseconds: number;
  /** The time that the answer tells. */
  readonly clock: Measurement | undefined;
}

/** What every Jenkins shows to every client, so that whatever gives another answer is none, or is not only one. */
export const OPEN = "/whoAmI/api/json";

/**
 * Asks without credentials, so that none reach a server that is no Jenkins. Waits for one that starts.
 *
 * @throws ControllerError if there is no controller at the address.
 */
export async function knock(settings: ControllerSettings, connection: Connection): Promise<Door> {
  const { url, waitSeconds } = settings;
  let told = waitSeconds === 0;
  return untilReady(url, waitSeconds, async () => {
    try {
      return await knockOnce(settings, connection);
    } catch (error) {
      if (!told && isPassing(error)) {
        say(`${url} ${error.found}. Waiting for up to ${waitSeconds} s.`);
        told = true;
      }
      throw error;
    }
  });
}

async function knockOnce({ url, headers }: ControllerSettings, connection: Connection): Promise<Door> {
  const sent = Date.now();
  let answer: Answer;
  try {
    answer = await connection.ask({ path: OPEN });
  } catch (error) {
    if (!(error instanceof RedirectedError) || hasMoved(url, error)) throw error;
    const words = `sends a request without credentials to ${error.location} (${error.status})`;
    return doorOf(undefined, sent, words);
  }
  const unready = unreadinessIn(answer, url);
  if (unready) throw unready;
  const { status, text } = answer;
  const seenAs = nameIn(answer);
  if (seenAs !== undefined || answer.header("x-jenkins")) return doorOf(answer, sent, undefined, seenAs);
  if (status === 401 || status === 403) {
    const challenge = answer.header("www-authenticate");
    const asks = `${status}${challenge && `, ${challenge}`}`;
    return doorOf(
      answer,
      sent,
      `something in front of Jenkins wants credentials for every request (${asks})`,
    );
  }
  throw new NotJenkinsError(
    url,
    status,
    kindOf(text),
    excerpt(text, Object.values(headers)),
    answer.header("server"),
  );
}

/** Whether a redirect leads to the same page elsewhere, as from http to https. */
function hasMoved(url: string, { location }: RedirectedError): boolean {
  return new URL(location, url).pathname.endsWith(OPEN);
}

function doorOf(answer: Answer | undefined, sent: number, guard: Door["guard"], seenAs?: string): Door {
  const received = Date.now();
  const shown = Date.parse(answer?.header("date") ?? "");
  const [server, via] = [answer?.header("server"), answer?.header("via")];
  return {
    ...{ guard, seenAs, milliseconds: received - sent },
    core: answer?.header("x-jenkins") || undefined,
    answeredBy: [server && `answered by ${server}`, via && `via ${via}`].filter(Boolean).join(", "),
    clock: Number.isNaN(shown) ? undefined : { sent, received, shown, granularity: 1000 },
  };
}

function nameIn({ text }: Answer): string | undefined {
  try {
    const { name } = JSON.parse(text) as { name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** What the door says of how the controller is reached. */
export function reachableFinding(url: string, { guard, milliseconds, seenAs }: Door): Finding {
  const { protocol, hostname } = new URL(url);
  const found = `answers in ${milliseconds} ms${guard ? `; ${guard}` : ""}`;
  if (seenAs !== undefined && seenAs !== "anonymous") {
    return warning(
      "reachable",
      `${found}; takes a request without credentials for one of "${seenAs}"`,
      "Something on the way logs in every request. Let it demand credentials.",
    );
  }
  if (protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(hostname)) {
    return warning(
      "reachable",
      `${found}, over http`,
      "Credentials can be read on the way. Use an https address.",
    );
  }
  return ok("reachable", found);
}
