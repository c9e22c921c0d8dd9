import { dirname } from "node:path";
import { Config } from "@pulumi/pulumi";
import { ApiToken, ProxyConfig, SignOn } from "pulumi-jenkins-auth";

/** Where the proxy takes its configuration from, and where it and Jenkins answer. */
export interface ProxyPlace {
  server: "nginx" | "apache" | "haproxy" | "squid" | "caddy";
  /** A folder whose files the server reads. */
  folder: string;
  /** How the names of these files end. @default ".conf" */
  ending?: string;
  /** The commands that check and reload the configuration, where the server does not run as its package has it. */
  validate?: string[];
  reload?: string[];
  /** Jenkins, as the proxy reaches it. */
  upstream: string;
  /** The port for tools that only answer challenges: pip, wget, package managers. */
  toolsPort: number;
  /** The port for people, who log in at the proxy. */
  peoplePort: number;
  /** The user who must get in through the proxy with alice's password. @default "alice" */
  mustGetIn?: string;
}

/** A proxy that demands credentials, one that logs people in, and a Jenkins that trusts the second one's word. */
export function front(proxy: ProxyPlace, config: Config): void {
  const { server, folder, ending = ".conf", validate, reload } = proxy;
  const { upstream, toolsPort, peoplePort, mustGetIn = "alice" } = proxy;
  const alice = config.requireSecret("alicePassword");
  const listenOn = (port: number) => ({ address: "127.0.0.1", port });

  // One Squid takes one of these configurations, whose port for API tokens asks as the tools need it.
  const tools = server === "squid" ? { apiTokens: { port: toolsPort } } : {};
  if (server !== "squid") {
    new ProxyConfig("tools", {
      server,
      listen: listenOn(toolsPort),
      upstream,
      access: { mode: "requireCredentials" },
      destination: { path: `${folder}/tools${ending}`, validate, reload },
      probe: {},
    });
  }

  // Under the new realm passwords stop working, so that Pulumi itself goes on by a token. Until there is one it takes
  // the password, which the stack's configuration holds beside the token.
  const jenkins = new Config("jenkins");
  const own = new ApiToken("pulumi", {
    user: jenkins.require("user"),
    token: jenkins.requireSecret("token"),
  });

  new SignOn(
    "people",
    {
      proxy: {
        server,
        listen: listenOn(peoplePort),
        upstream,
        access: {
          mode: "forwardUser",
          authentication: { type: "basic", users: { alice } },
          agents: true,
          ...tools,
        },
        destination: { path: `${folder}/people${ending}`, validate, reload },
        // The list of passwords is no configuration, so it belongs where the server does not read it as such.
        companionFolder: dirname(folder),
        probe: {},
      },
      realm: { type: "reverseProxy" },
      // Unless this user gets in through the proxy within 20 seconds, everything is as it was before.
      confirm: { within: 20, as: [{ user: mustGetIn, password: alice }] },
    },
    { dependsOn: own },
  );
}
