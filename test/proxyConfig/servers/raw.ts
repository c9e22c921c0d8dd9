import { connect } from "node:net";

/** What came back for the bytes that were sent. */
export interface Answer {
  /** 0 if the server closed the connection without a word. */
  readonly status: number;
  readonly text: string;
}

/**
 * Sends bytes as they are, and reads until the answer is whole or nothing comes any more.
 * @param request latin1 text, so that any byte can be sent.
 */
export function sendRaw(port: number, request: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(request, "latin1")));
    const finish = () => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.[01] (\d+)/.exec(text)?.[1] ?? 0), text });
    };
    socket.setTimeout(1500, finish);
    socket.on("data", (data) => {
      text += data.toString("latin1");
      if (isWhole(text)) finish();
    });
    socket.on("end", finish);
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" ? reject(error) : finish(),
    );
  });
}

/** A request of the usual form, with `Connection: close`. */
export function requestOf(target: string, headers: readonly string[] = [], method = "GET"): string {
  return [
    `${method} ${target} HTTP/1.1`,
    "Host: ci.example.com",
    ...headers,
    "Connection: close",
    "",
    "",
  ].join("\r\n");
}

/** A Basic login, as a header. */
export function basic(user: string, password: string): string {
  return `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = /^content-length: *(\d+)/im.exec(text)?.[1];
  return end >= 0 && length !== undefined && text.length >= end + 4 + Number(length);
}
