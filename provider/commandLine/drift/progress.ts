/** How often a log shows that the command is still at work, in milliseconds. */
const EVERY = 10_000;

/** Shows on stderr that something long is going on: in place on a terminal, and else as a line every ten seconds. */
export class Progress implements Disposable {
  readonly #started = Date.now();
  readonly #timer: NodeJS.Timeout;
  #doing = "";

  constructor(private readonly terminal = process.stderr) {
    this.#timer = setInterval(() => this.#show(), terminal.isTTY ? 100 : EVERY);
  }

  /** Says what is being done now. */
  is(doing: string): void {
    this.#doing = doing;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.terminal.isTTY) this.terminal.write(CLEARED);
  }

  #show(): void {
    const line = `${this.#doing} (${Math.round((Date.now() - this.#started) / 1000)} s)`;
    this.terminal.write(
      this.terminal.isTTY ? `${CLEARED}${line.slice(0, this.terminal.columns - 1)}` : `${line}\n`,
    );
  }
}

/** Takes away what stands in the line, and goes back to its beginning. */
const CLEARED = "\r\x1b[K";
