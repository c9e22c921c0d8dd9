import type http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Outsider } from "./outsider";

/** How long a connection is kept before it counts as one that would stay, in milliseconds. */
const STEADY = 300;

/**
 * Watches the processes that serve now, and tells when they have given way to others: a server that takes up a new
 * configuration closes the idle connections that the old one had, or says so in the next answer (all five servers do).
 * A marker in the configuration would tell as well, but it would tell every client.
 */
export class Generation {
  private constructor(
    private readonly outsider: Outsider,
    private readonly path: string,
    private readonly agent: http.Agent,
  ) {}

  /** Opens a connection and keeps it. Returns nothing if no server listens yet, or none that keeps connections. */
  static async watch(outsider: Outsider, path: string): Promise<Generation | undefined> {
    // Who has been told to go a moment ago can still take a connection, and close it at once.
    for (let attempts = 0; attempts < 5; attempts++) {
      const generation = new Generation(outsider, path, outsider.lasting());
      await generation.#isKept();
      if (!(await generation.ends(Date.now() + STEADY))) return generation;
      generation.close();
    }
    return undefined;
  }

  /** Waits until it has ended. Answers whether it has. */
  async ends(deadline: number): Promise<boolean> {
    // Asking now and then keeps a server from closing the connection because nothing is said on it. Some close it after
    // a hundred questions, too.
    for (let pause = 50; Date.now() < deadline; pause = Math.min(1000, pause * 1.5)) {
      if (!(await this.#isKept())) return true;
      await sleep(pause);
    }
    return false;
  }

  /** Gives the connection back. */
  close(): void {
    this.agent.destroy();
  }

  async #isKept(): Promise<boolean> {
    try {
      const { reused, header } = await this.outsider.ask({ path: this.path }, this.agent);
      return reused && !/close/i.test(header("connection"));
    } catch {
      return false;
    }
  }
}
