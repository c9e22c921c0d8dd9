import { Config } from "@pulumi/pulumi";
import { ApiToken, ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";

/** Where nginx and Jenkins are, if not in the containers of compose.yaml. */
interface Place {
  port: number;
  upstream: string | { url: string; resolver: string };
  path: string;
  peopleFile: string;
  validate: string[];
  reload: string[];
}

const nginx = ["docker", "compose", "exec", "-T", "proxy", "nginx"];
const config = new Config();
const place = config.getObject<Place>("place") ?? {
  port: 8080,
  // Docker's name server: the container of Jenkins gets another address when it is created anew.
  upstream: { url: "http://jenkins:8080", resolver: "127.0.0.11" },
  path: `${process.cwd()}/proxy/jenkins.conf`,
  peopleFile: "/etc/nginx/people",
  validate: [...nginx, "-t"],
  reload: [...nginx, "-s", "reload"],
};
const people = `http://127.0.0.1:${place.port}`;
const alice = { user: "alice", password: config.requireSecret("alicePassword") };

// People log in at nginx, on one port. API tokens come in on the next one.
const front = new ProxyConfig("front", {
  server: "nginx",
  listen: { port: place.port },
  upstream: place.upstream,
  access: {
    mode: "forwardUser",
    authentication: { type: "basic", htpasswdFile: place.peopleFile },
    apiTokens: true,
    agents: true,
  },
  destination: { path: place.path, validate: place.validate, reload: place.reload },
  probe: { url: people, credentials: alice },
});

// Under the new realm passwords stop working, so Pulumi itself goes on by a token.
const jenkins = new Config("jenkins");
const own = new ApiToken(
  "pulumi",
  { user: jenkins.require("user"), token: jenkins.requireSecret("token") },
  { dependsOn: front },
);

// Unless alice gets in through nginx within a minute, the old realm is back.
const realm = new SecurityRealm(
  "realm",
  {
    realm: { type: "reverseProxy", headers: front.headers },
    confirm: { within: 60, as: [{ url: people, ...alice }] },
  },
  { dependsOn: own },
);

export const realmStatus = realm.status;
