import { setTimeout as sleep } from "node:timers/promises";

/** A client that logs in again and again. */
export interface Client {
  readonly user: string;
  readonly secret: string;
  readonly url: string;
}

/** How many requests a second all clients make together. */
const RATE = 20;

/** Clients who ask Jenkins who they are, one after the other, until they are stopped. */
export class Load implements AsyncDisposable {
  /** How many requests were answered. */
  count = 0;
  /** The answers that were not the client's own name, with when they came. */
  readonly wrong: string[] = [];
  #isOver = false;
  readonly #ended: Promise<void>;
  readonly #started = Date.now();

  constructor(clients: readonly Client[]) {
    this.#ended = this.#run(clients);
  }

  async #run(clients: readonly Client[]): Promise<void> {
    const answers: Promise<void>[] = [];
    for (let number = 0; !this.#isOver; number++) {
      const client = clients[number % clients.length] as Client;
      answers.push(this.#ask(client));
      await sleep(1000 / RATE);
    }
    await Promise.all(answers);
  }

  async #ask({ user, secret, url }: Client): Promise<void> {
    const seen = await whoAmI(url, user, secret);
    this.count++;
    if (seen !== user) this.wrong.push(`${Date.now() - this.#started} ms: ${user} is ${seen}`);
  }

  /** Goes on until so many requests were answered, and stops. */
  async reach(count: number): Promise<void> {
    while (this.count < count) await sleep(50);
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#ended;
  }
}

/** Whom Jenkins sees: a name, or the status of a response that names none. */
export async function whoAmI(
  url: string,
  user: string,
  secret: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  try {
    const response = await fetch(`${url}/whoAmI/api/json`, {
      headers: { ...headers, authorization, connection: "close" },
    });
    const text = await response.text();
    return response.ok ? String(JSON.parse(text).name) : String(response.status);
  } catch (error) {
    return `no response: ${(error as Error).cause ?? error}`;
  }
}
