import { type IncomingMessage, request } from "node:http";
import type { MeddlingProxy } from "./meddlingProxy";

/** Has a request carried out, and keeps its answer back. */
async function carryOut(incoming: IncomingMessage, upstream: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { method = "GET", headers } = incoming;
  const forwarded = request(new URL(incoming.url ?? "", upstream), { method, headers }, (answer) =>
    answer.resume().on("end", resolve),
  );
  forwarded.on("error", reject);
  incoming.pipe(forwarded);
  await promise;
}

/** Counts the requests, and settles when one of them was carried out, whose answer nobody gets. */
export function stopAfter(
  proxy: MeddlingProxy,
  upstream: string,
  step: number,
): { reached: Promise<void>; count: () => number } {
  const { promise: reached, resolve, reject } = Promise.withResolvers<void>();
  let count = 0;
  proxy.meddle = (incoming) => {
    count++;
    if (count !== step) return incoming.headers;
    carryOut(incoming, upstream).then(resolve, reject);
    return "answered";
  };
  return { reached, count: () => count };
}
