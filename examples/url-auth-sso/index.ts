import { Config } from "@pulumi/pulumi";
import { ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";

const config = new Config();
const site = config.require("site");

// Cookies must arrive at Jenkins as the browser sent them, so the proxy passes everything through.
const front = new ProxyConfig("front", {
  server: "nginx",
  listen: { address: config.get("address"), port: config.requireNumber("port") },
  upstream: config.require("upstream"),
  access: { mode: "passThrough" },
  destination: {
    path: config.require("path"),
    validate: config.getObject("validate"),
    reload: config.getObject("reload"),
  },
  probe: {},
});

// From here on Jenkins asks the site whose a cookie is, at each request, and looks at nothing else: no API token and no
// password works any more. This program then gets in by the cookie in jenkins:cookie, whose owner must administer.
const realm = new SecurityRealm(
  "realm",
  {
    realm: {
      type: "urlAuth",
      targetUrl: `${config.get("siteFromJenkins") || site}/data`,
      loginUrl: `${site}/signin`,
      acknowledge: "api-tokens-stop-working",
    },
    confirm: { within: 60 },
  },
  { dependsOn: front },
);

export const realmClass = realm.className;
export const status = realm.status;
