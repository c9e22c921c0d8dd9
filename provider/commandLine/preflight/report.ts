/** What `pulumi-jenkins-auth preflight --json` prints. No member of it is ever a secret. */
export interface PreflightReport {
  /** The address of the controller; absent if the settings do not come to one. */
  readonly url?: string;
  /** Whether the controller can be managed with these credentials: exit status 0 if so, else 1. Warnings allow it. */
  readonly manageable: boolean;
  /** The whole in one sentence, which begins with `Can be managed`, `Cannot be managed` or `Cannot tell`. */
  readonly verdict: string;
  /** What was found, at most one finding a topic, in the order of the topics. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, because a failure came first. */
  readonly notLookedAt: readonly Topic[];
}

/** One thing that was found. */
export interface Finding {
  /** What it is about. */
  readonly topic: Topic;
  /**
   * - `ok`: as it should be.
   * - `warning`: the controller can be managed, but something is not as it should be, or will be in the way later.
   * - `failure`: the controller cannot be managed.
   */
  readonly verdict: "ok" | "warning" | "failure";
  /** What was found, in a few words without a full stop. */
  readonly found: string;
  /** What to do, in whole sentences; absent if there is nothing to do. */
  readonly remedy?: string;
}

/** The short name of something that is looked at, the same from version to version. */
export type Topic =
  | "settings"
  | "networkPath"
  | "reachable"
  | "core"
  | "login"
  | "administers"
  | "crumbs"
  | "tokenStores"
  | "realm"
  | "realmOwner"
  | "reverseProxyPlugin"
  | "ldapPlugin"
  | "urlAuthPlugin"
  | "configuredUrl"
  | "selfTest"
  | "headers"
  | "identityHeader"
  | "clock";

/** What people call what is looked at, in the order in which it is told. */
export const topics: Readonly<Record<Topic, string>> = {
  settings: "settings",
  networkPath: "network path",
  reachable: "reachable",
  core: "core",
  login: "login",
  administers: "rights",
  crumbs: "crumbs",
  tokenStores: "token stores",
  realm: "realm in force",
  realmOwner: "realm's owner",
  reverseProxyPlugin: "reverse proxy plugin",
  ldapPlugin: "LDAP plugin",
  urlAuthPlugin: "URL-auth plugin",
  configuredUrl: "configured URL",
  selfTest: "proxy self test",
  headers: "headers on the way",
  identityHeader: "identity header",
  clock: "clock",
};

/** A finding that asks for nothing. */
export const ok = (topic: Topic, found: string): Finding => ({ topic, verdict: "ok", found });

/** A finding that does not stand in the way, and what to do about it. */
export const warning = (topic: Topic, found: string, remedy: string): Finding => ({
  ...{ topic, verdict: "warning", found, remedy },
});

/** A finding that stands in the way, and what to do about it. */
export const failure = (topic: Topic, found: string, remedy: string): Finding => ({
  ...{ topic, verdict: "failure", found, ...(remedy && { remedy }) },
});

/** Puts findings in order, and says what they come to. Of several on one topic the first counts. */
export function reportOf(url: string, findings: readonly Finding[]): PreflightReport {
  const order = Object.keys(topics) as Topic[];
  const found = order.flatMap((topic) => findings.find((finding) => finding.topic === topic) ?? []);
  const failed = found.find(({ verdict }) => verdict === "failure");
  const warnings = found.filter(({ verdict }) => verdict === "warning").length;
  const facts = ["core", "login"].map((topic) => found.find((finding) => finding.topic === topic)?.found);
  return {
    url,
    manageable: !failed,
    verdict: failed
      ? `Cannot be managed: ${url} ${failed.found}.`
      : `Can be managed${warnings > 0 ? `, with ${warnings} warning${warnings > 1 ? "s" : ""}` : ""}: ${url} is ${facts.join(", and lets in ")}.`,
    findings: found,
    notLookedAt: order.filter(
      (topic) => topic !== "settings" && !found.some((finding) => finding.topic === topic),
    ),
  };
}

/** What is told if there are no settings to begin with. */
export function unusableSettings(fault: string): PreflightReport {
  const [found = "", ...remedy] = fault.replace(/\.$/, "").split(/\. (?=[A-Z])/);
  return {
    manageable: false,
    verdict: `Cannot tell: ${found}.`,
    findings: [failure("settings", found, remedy.map((sentence) => `${sentence}.`).join(" "))],
    notLookedAt: (Object.keys(topics) as Topic[]).filter((topic) => topic !== "settings"),
  };
}
