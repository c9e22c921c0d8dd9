import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports that no system hands out by itself (Linux: 32768 to 60999, macOS and Windows: from 49152): those of outgoing
 * connections, and of servers that ask for any port. A port of this range stays free between the look and its use,
 * and nothing else answers on it once its server has gone, though other test files run beside this one.
 */
const LOWEST = 12_000;
const HIGHEST = 31_999;

/** A port of loopback where nothing listens now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

/** A free port that another free one follows. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 1)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
