/**
 * Shows from outside that a proxy does what it is there for: by requests as an attacker and as a client would send
 * them, once its new configuration serves.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ProviderError } from "../../errors";
import type { Server } from "../args/serverNames";
import type { Proof } from "../destination/install";
import type { Probe } from "../schema/probe";
import type { Front } from "../servers/front";
import { ProofError, type Scene } from "./asking";
import { Generation } from "./generation";
import { warnOfWaysAround } from "./isolation";
import { NoAnswerError, Outsider, type Place } from "./outsider";
import { answersAtAll, everythingElse } from "./questions";

/** How long answers may still come from the old processes after the first of these are gone, in milliseconds. */
const GIVING_WAY = 2000;

/**
 * The requests that show whether a front works.
 *
 * @param sshHost the machine that it is on, if that is not this one.
 */
export function proofOf(front: Front, probe: Probe, sshHost?: string): Proof {
  const scene: Scene = { front, probe, outsider: new Outsider(placeOf(front, probe, sshHost)) };
  return {
    async begin() {
      const before = await Generation.watch(scene.outsider, `${front.upstream.contextPath}/login`);
      return async () => {
        const deadline = Date.now() + probe.seconds * 1000;
        const gaveWay = before === undefined || !tellsLater(front.server) || (await before.ends(deadline));
        before?.close();
        if (!gaveWay) throw new NotTakenUpError(scene.outsider.url, probe.seconds);
        await untilRight(deadline, () => answersAtAll(scene)).catch((failure) => {
          if (!(failure instanceof NoAnswerError)) throw failure;
          throw new NotTakenUpError(failure.url, probe.seconds, failure.reason);
        });
        await untilRight(Math.min(deadline, Date.now() + GIVING_WAY), () => everythingElse(scene));
        await warnOfWaysAround(scene, sshHost);
      };
    },
  };
}

/** Waits until the processes that serve now have given way, and asks nothing: for a configuration that goes. */
export function departureOf(front: Front, probe: Probe, sshHost?: string): Proof {
  const outsider = new Outsider(placeOf(front, probe, sshHost));
  return {
    async begin() {
      const before = await Generation.watch(outsider, `${front.upstream.contextPath}/login`);
      return async () => {
        if (tellsLater(front.server)) await before?.ends(Date.now() + probe.seconds * 1000);
        before?.close();
      };
    },
  };
}

/** The server was told about its new configuration, said yes, and does not serve it. */
export class NotTakenUpError extends ProviderError {
  constructor(
    readonly url: string,
    readonly seconds: number,
    /** Why there is no answer; nothing if the old configuration answers. */
    readonly silence?: string,
  ) {
    super(
      `${url} ${silence === undefined ? "still serves its old configuration" : "gives no answer"} ${seconds} s after the server was reloaded${silence === undefined ? "" : `: ${silence}`}. Its error log tells why; a port that it cannot open, or a file that nothing includes, are the usual reasons.`,
    );
  }
}

/** `caddy reload` is over when the new configuration serves, and leaves all as it is if nothing has changed. */
const tellsLater = (server: Server) => server !== "caddy";

async function untilRight(deadline: number, ask: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      if (!(failure instanceof ProofError || failure instanceof NoAnswerError) || Date.now() >= deadline) {
        throw failure;
      }
      await sleep(100);
    }
  }
}

/** Where clients come in, unless told otherwise: where the configuration has the server listen. */
export function placeOf(
  { listen }: Front,
  { url, address, caFile, insecure }: Partial<Probe>,
  sshHost?: string,
): Place {
  const anywhere = listen.address === undefined || ["0.0.0.0", "::", "*"].includes(listen.address);
  const host = address ?? (anywhere ? (sshHost ?? "127.0.0.1") : (listen.address as string));
  const trust = { caFile, insecure };
  if (url !== undefined) {
    const { protocol, hostname, port, host: calledHost } = new URL(url);
    const scheme = protocol === "https:" ? "https" : "http";
    return {
      ...{ scheme, host: address ?? hostname, calledHost, ...trust },
      port: port ? Number(port) : scheme === "https" ? 443 : 80,
    };
  }
  const name = listen.serverName ?? (host.includes(":") && !host.startsWith("[") ? `[${host}]` : host);
  const usual = listen.publicPort === (listen.publicScheme === "https" ? 443 : 80);
  return {
    ...{ scheme: listen.tls ? "https" : "http", host, port: listen.port, ...trust },
    calledHost: usual ? name : `${name}:${listen.publicPort}`,
  };
}
