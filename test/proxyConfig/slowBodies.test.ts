import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { Scene } from "./servers/scene";

for (const server of servers) {
  test(`${server}: the command line client over HTTP hears answers while it still sends`, async () => {
    await using jenkins = await CommandLineSide.start();
    await using scene = await Scene.open(server, {
      access: { mode: "requireCredentials" },
      controller: jenkins.url,
    });
    await using client = new CommandLineClient(scene.port);
    await client.hears("", "Jenkins answers before anything is sent");
    for (const said of ["who-am-i", "from the keyboard, later", "and later"]) {
      client.says(said);
      await client.hears(said, `"${said}" comes back while the upload goes on`);
      await sleep(300);
    }
  });
}

// Apache sends a body to its end before it reads the answer, and so does Caddy before it passes the answer on. Jenkins'
// clients hear on another request.
for (const server of ["nginx", "haproxy", "squid"] as const) {
  test(`${server}: the answer to an upload comes while its body is still being sent`, async () => {
    await using jenkins = await CommandLineSide.start();
    await using scene = await Scene.open(server, {
      access: { mode: "requireCredentials" },
      controller: jenkins.url,
    });
    await using client = new CommandLineClient(scene.port, "echo");
    for (const said of ["one", "two"]) {
      client.says(said);
      await client.hears(said, `"${said}" comes back while the body goes on`);
      await sleep(300);
    }
  });
}

const SESSION = "2f1c7b0e-5f1a-4b0e-9d8e-0c3d1a2b4e5f";

/** What Jenkins is for its command line client: what comes in by an upload goes out in the answer to a download. */
class CommandLineSide implements AsyncDisposable {
  #download: http.ServerResponse | undefined;
  readonly #server = http.createServer((request, response) => {
    if (request.headers.side === "download") {
      this.#download = response;
      response.writeHead(200, { "X-Jenkins": "2.541.3" }).flushHeaders();
      response.write(" ");
    } else if (request.headers.side === "upload") {
      request.on("data", (piece) => this.#download?.write(piece));
      request.once("end", () => response.end());
    } else {
      response.writeHead(200).flushHeaders();
      request.pipe(response);
    }
    request.on("error", () => {});
  });

  static async start(): Promise<CommandLineSide> {
    const side = new CommandLineSide();
    await new Promise<void>((resolve) => side.#server.listen(0, "127.0.0.1", resolve));
    return side;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jenkins`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Two requests of one session, as `jenkins-cli.jar -http` sends them: one to hear, one to say; or one for both. */
class CommandLineClient implements AsyncDisposable {
  readonly #port: number;
  readonly #upload: http.ClientRequest;
  readonly #download: http.ClientRequest;
  #heard = "";
  #answered = false;

  constructor(port: number, kind: "two requests" | "echo" = "two requests") {
    this.#port = port;
    this.#upload = this.#request(kind === "echo" ? "both" : "upload");
    this.#download = kind === "echo" ? this.#upload : this.#request("download");
    this.#download.once("response", (answer) => {
      this.#answered = answer.statusCode === 200;
      answer.on("data", (piece) => {
        this.#heard += piece;
      });
      answer.on("error", () => {});
    });
    if (this.#download !== this.#upload) this.#download.end();
  }

  says(text: string): void {
    this.#upload.write(text);
  }

  async hears(text: string, what: string): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!(this.#answered && this.#heard.includes(text)) && Date.now() < deadline) await sleep(10);
    assert.ok(this.#answered && this.#heard.includes(text), `${what}: it heard "${this.#heard}"`);
  }

  #request(side: string): http.ClientRequest {
    const authorization = `Basic ${Buffer.from(`alice:11${"ab".repeat(16)}`).toString("base64")}`;
    const request = http.request({
      ...{ host: "127.0.0.1", port: this.#port, path: "/jenkins/cli?remoting=false", method: "POST" },
      headers: { Host: "ci.example.com", Session: SESSION, Side: side, Authorization: authorization },
    });
    return request.on("error", () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#download.destroy();
    this.#upload.destroy();
  }
}
