import { createServer } from "node:net";

/**
 * A sign-on service whose answers are bytes that an HTTP library would not send.
 *
 * @param byCookie the header lines of each answer, as latin1 text, by the value of the client's cookie `sso`.
 */
export async function signOn(byCookie: Record<string, string[]>) {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      const name = /sso=(\w+)/.exec(data.toString("latin1"))?.[1] ?? "";
      const head = [
        "HTTP/1.1 200 OK",
        ...(byCookie[name] ?? []),
        "Content-Length: 0",
        "Connection: close",
        "",
        "",
      ];
      socket.end(Buffer.from(head.join("\r\n"), "latin1"));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
