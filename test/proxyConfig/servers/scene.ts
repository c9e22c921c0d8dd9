import type { Server } from "../../../provider/proxyConfig/args/serverNames";
import { argumentsSchema } from "../../../provider/proxyConfig/checks";
import type { Arguments } from "../../../provider/proxyConfig/schema/arguments";
import { frontOf } from "../../../provider/proxyConfig/servers/front";
import { type Rendering, render } from "../../../provider/proxyConfig/servers/rendering";
import { freePort } from "../../ports";
import { Arrangement, RunningServer, temporaryFolder } from "./running";
import { Upstream } from "./upstream";

/** What a front is asked to be, where it matters to a test. */
export interface Wanted {
  readonly access: unknown;
  /** @default "/jenkins" */
  readonly contextPath?: string;
  /** @default none: http */
  readonly tls?: unknown;
  /** Where requests go instead of a recording upstream: the URL of a controller. */
  readonly controller?: string;
  /** The only name server that the server's machine has. @default those of this one */
  readonly nameServer?: string;
  /** Other arguments. */
  readonly more?: Record<string, unknown>;
}

/** Servers that take API tokens on a port of their own. */
export const withTokenPort: readonly Server[] = ["nginx", "squid", "caddy"];

/** The arguments with their defaults; a fault is an error. */
export function argumentsFor(
  server: Server,
  wanted: Wanted,
  port = 8080,
  upstream = "http://127.0.0.1:8081",
): Arguments {
  return argumentsSchema.parse({
    name: "front",
    server,
    listen: { port, serverName: "ci.example.com", ...(wanted.tls ? { tls: wanted.tls } : {}) },
    upstream: wanted.controller ?? `${upstream}${wanted.contextPath ?? "/jenkins"}`,
    access: wanted.access,
    ...wanted.more,
  });
}

/** What is rendered for these arguments. */
export function rendered(args: Arguments): Rendering {
  return render(frontOf(args));
}

/** A server in front of something that records what arrives. */
export class Scene implements AsyncDisposable {
  private constructor(
    readonly server: Server,
    readonly port: number,
    /** Where tokens come in: the same port, where the server can tell. */
    readonly tokenPort: number,
    readonly upstream: Upstream,
    readonly running: RunningServer,
    readonly args: Arguments,
  ) {}

  /** @param wantedIn what is wanted, for the folder that its files can be in. */
  static async open(server: Server, wantedIn: Wanted | ((folder: string) => Wanted)): Promise<Scene> {
    const folder = temporaryFolder();
    const wanted = typeof wantedIn === "function" ? wantedIn(folder) : wantedIn;
    const upstream = await Upstream.start();
    const port = await freePort();
    const separate = withTokenPort.includes(server) && hasTokens(wanted.access);
    const tokenPort = separate ? await freePort() : port;
    const access = separate
      ? { ...(wanted.access as object), apiTokens: { port: tokenPort } }
      : wanted.access;
    const args = argumentsFor(
      server,
      { ...wanted, access, more: { companionFolder: folder, ...wanted.more } },
      port,
      `http://127.0.0.1:${upstream.port}`,
    );
    const arrangement = new Arrangement(server, folder, rendered(args), wanted.nameServer);
    const running = await RunningServer.start(arrangement, separate ? [port, tokenPort] : [port]).catch(
      async (failure) => {
        await upstream[Symbol.asyncDispose]();
        throw failure;
      },
    );
    return new Scene(server, port, tokenPort, upstream, running, args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
    await this.upstream[Symbol.asyncDispose]();
  }
}

function hasTokens(access: unknown): boolean {
  return (access as { apiTokens?: unknown }).apiTokens === true;
}
