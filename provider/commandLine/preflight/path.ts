import { randomBytes } from "node:crypto";
import type { Credential } from "../../controller";
import type { Connection } from "../../controller/connection";
import type { Route } from "../../controller/forwardProxy";
import { Login } from "../../controller/login";
import { selfTest, type TestAnswer } from "../../controller/selfTest";
import type { ControllerSettings } from "../../controller/settings";
import { ControllerError, RedirectedError } from "../../errors";
import type { Described } from "../../securityRealm/realm";
import { reverseProxyPlugin } from "../../securityRealm/realms/reverseProxy";
import { type Door, OPEN } from "./door";
import { type Finding, ok, warning } from "./report";
import type { View } from "./view";

/** A header that no program knows: it arrives if the way lets headers pass. */
export const MARKER = "x-preflight";

/** Those that belong to each connection on its own. */
const HOP_BY_HOP = ["connection", "keep-alive", "te", "transfer-encoding", "content-length", "upgrade"];

/** How requests get to the controller, which the environment decides. */
export function networkPathFinding(route: Route): Finding {
  if (route.proxy) {
    return ok(
      "networkPath",
      `through the forward proxy ${route.proxy.origin} (from ${route.proxy.variable})`,
    );
  }
  return ok(
    "networkPath",
    `directly${route.because ? `: ${route.because}` : ", since no forward proxy is set"}`,
  );
}

/** The controller's own address beside the one that is used. */
export function configuredUrlFinding({ url }: ControllerSettings, { configuredUrl }: View): Finding {
  const right = "Set it in Manage Jenkins, System: links in mails, and the WebSocket command line, go by it.";
  if (configuredUrl === null) return warning("configuredUrl", "none is configured", right);
  if (configuredUrl.replace(/\/+$/, "") === url) return ok("configuredUrl", `${configuredUrl}, as used here`);
  return warning(
    "configuredUrl",
    `${configuredUrl}, while ${url} is used here`,
    `If the configured one is right, use it here too. If not: ${right.replace(/^S/, "s")}`,
  );
}

/** Which headers the way to the controller added, and which it lost. */
export function headersFinding(settings: ControllerSettings, view: View, door: Door): Finding {
  const sent = ["host", "content-type", MARKER, ...Object.keys(settings.headers)].map((name) =>
    name.toLowerCase(),
  );
  const ours = [...sent, ...HOP_BY_HOP, "authorization", "cookie", view.crumbs?.field.toLowerCase()];
  const lost = sent.filter((name) => !view.headers.includes(name));
  const { host: usedHost } = new URL(settings.url);
  const host = view.addresses.host ?? "none";
  const changed = host === usedHost ? [] : [`Host became ${host}`];
  const added = view.headers
    .filter((name) => !ours.includes(name))
    .map((name) => (view.addresses[name] === undefined ? name : `${name}: ${view.addresses[name]}`));
  const words = [
    ...changed,
    added.length > 0 ? `added: ${added.join("; ")}` : "nothing added",
    lost.length > 0 ? `lost: ${lost.join(", ")}` : "nothing lost",
  ].join("; ");
  const found = [words, door.answeredBy].filter(Boolean).join("; ");
  if (lost.length === 0) return ok("headers", found);
  return warning(
    "headers",
    found,
    "Something on the way drops headers that it does not know. Let crumbs, and headers that log in, pass.",
  );
}

/** Jenkins' own test of the proxy in front of it. */
export async function selfTestFinding(
  settings: ControllerSettings,
  connection: Connection,
  credential: Credential | undefined,
): Promise<Finding> {
  const { url } = settings;
  const prefix = new URL(url).pathname.replace(/\/$/, "");
  const login = new Login(connection, credential);
  const test = await selfTest<TestAnswer>(url, async (path, headers) => {
    try {
      return await login.get(path.slice(prefix.length), { ...headers });
    } catch (error) {
      if (!(error instanceof RedirectedError)) throw error;
      return { status: error.status, text: "", header: () => error.location };
    }
  }).catch((error: unknown) => {
    if (error instanceof ControllerError) return error;
    throw error;
  });
  if (test instanceof ControllerError) {
    return warning("selfTest", `an encoded slash (%2F) in a path: ${test.found}`, test.remedy);
  }
  const { result, answer } = test;
  switch (result) {
    case "right":
      return ok("selfTest", "passed");
    case "slashDecoded":
      return warning(
        "selfTest",
        "an encoded slash (%2F) arrives at Jenkins decoded, which breaks branches and folders",
        "Let the proxy pass paths as they are: for Apache `nocanon` and `AllowEncodedSlashes NoDecode`, for nginx a `proxy_pass` without a path.",
      );
    case "slashLost":
      return warning(
        "selfTest",
        `an encoded slash (%2F) in a path does not get to Jenkins (${answer.status})`,
        "Let the proxy pass paths as they are: for Apache `AllowEncodedSlashes NoDecode`.",
      );
    case "otherAddress":
      return warning(
        "selfTest",
        `Jenkins infers another address than clients use: ${/\S+ vs\. \S+/.exec(answer.text)?.[0] ?? answer.header("location")}`,
        "Let the proxy set X-Forwarded-Proto, X-Forwarded-Host and X-Forwarded-Port to what clients use, or use the address that Jenkins infers.",
      );
    case "notRun":
      return warning(
        "selfTest",
        `could not be run (${answer.status})`,
        "Look under Manage Jenkins for the warning of the reverse proxy monitor.",
      );
  }
}

/**
 * Whether a client can say who it is, in the header that the reverse proxy realm believes. If that realm is in force, it
 * says what the controller knows already; if not, a name that no user has.
 */
export async function identityHeaderFinding(
  { user = "" }: ControllerSettings,
  connection: Connection,
  realm: Described,
): Promise<Finding> {
  const believes = realm.class === reverseProxyPlugin.class;
  const header = believes ? String(realm.properties.forwardedUser) : "X-Forwarded-User";
  const name = believes ? user : `preflight-${randomBytes(6).toString("hex")}`;
  const headers = { [header]: name };
  const answer = await connection
    .ask({ path: believes ? OPEN : "/whoAmI/", headers })
    .catch((error: unknown) => {
      if (error instanceof ControllerError) return undefined;
      throw error;
    });
  const arrives = answer?.status === 200 && name !== "" && answer.text.includes(name);
  if (!arrives) return ok("identityHeader", `${header} of a client does not reach Jenkins`);
  if (!believes) {
    return ok(
      "identityHeader",
      `${header} of a client reaches Jenkins, which does not believe it: before a realm of type reverseProxy is set, a proxy must take it away`,
    );
  }
  return warning(
    "identityHeader",
    `a client that gets here can name any user in ${header}, and Jenkins believes it`,
    "Let only the proxy get to this address, or let the proxy take the header away from clients.",
  );
}
