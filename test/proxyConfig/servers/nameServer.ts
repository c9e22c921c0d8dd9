import { createSocket, type Socket } from "node:dgram";

const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

/** A name server on loopback that knows one name at most, and says how long an answer counts: far too long. */
export class NameServer implements AsyncDisposable {
  /** The address that the name has. @default none: there is no such name */
  answer: string | undefined;

  private constructor(
    readonly name: string,
    readonly address: string,
    private readonly socket: Socket,
  ) {}

  /** Starts it on port 53, which servers query that cannot be configured with another port. */
  static async start(name: string, address: string): Promise<NameServer> {
    const socket = createSocket("udp4");
    const server = new NameServer(name, address, socket);
    socket.on("message", (query, { port, address: client }) =>
      socket.send(server.#answerTo(query), port, client),
    );
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (error) =>
        reject(
          new Error(
            `No name server can be had on ${address}:53, which this test needs: ${error.message}. Run it with sudo.`,
          ),
        ),
      );
      socket.bind(53, address, resolve);
    });
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(resolve));
  }

  /** The head of the query, its question, and an address if that is what was asked for. */
  #answerTo(query: Buffer): Buffer {
    const { name, end } = questionIn(query);
    const isKnown = name === this.name && this.answer !== undefined;
    const asksForIPv4 = query.readUInt16BE(end - 4) === 1;
    const answers = isKnown && asksForIPv4 ? [addressRecord(this.answer ?? "")] : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8580 | (isKnown ? NO_ERROR : NO_SUCH_NAME), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    return Buffer.concat([head, query.subarray(12, end), ...answers]);
  }
}

function questionIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 5 };
}

/** Of the name in the question, with a time to live of an hour. */
function addressRecord(address: string): Buffer {
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0x0e, 0x10, 0, 4, 0, 0, 0, 0]);
  for (const [index, part] of address.split(".").entries()) record[12 + index] = Number(part);
  return record;
}
