import { fromToken } from "../../apiToken/tokenValue";
import { fingerprintOf, type UserObservation } from "../../apiToken/userObservation";
import type { Credential } from "../../controller";
import type { ControllerSettings } from "../../controller/settings";
import type { Facts } from "../../securityRealm/preflight";
import { type Finding, ok, warning } from "./report";
import { arrivedAs, type View } from "./view";

/** The credential that let us in; nothing if it was none of those in the settings. */
export function usedCredential(settings: ControllerSettings, view: View): Credential | undefined {
  const { user = "", token, password, cookie } = settings;
  if (token !== undefined && arrivedAs(view, user, token)) return { kind: "token", user, secret: token };
  if (password !== undefined && arrivedAs(view, user, password)) {
    return { kind: "password", user, secret: password };
  }
  return cookie !== undefined && view.authorization === null
    ? { kind: "cookie", user: "", secret: cookie }
    : undefined;
}

/** As whom we came in, and by what. */
export function loginFinding(
  settings: ControllerSettings,
  view: View,
  { user: seenAs }: Facts,
  observation: UserObservation | undefined,
): Finding {
  const used = usedCredential(settings, view);
  const { user = seenAs, token } = settings;
  if (!used && settings.token === undefined && settings.password === undefined) {
    if (Object.keys(settings.headers).length > 0) return ok("login", `"${seenAs}", by jenkins:headers`);
    return warning(
      "login",
      `"${seenAs}", without any credentials`,
      "Every client that gets here administers. Let Jenkins, or the proxy in front, demand credentials.",
    );
  }
  if (!used) {
    return warning(
      "login",
      `"${seenAs}", by something that these settings do not hold`,
      view.authorization === null
        ? "The Authorization header did not arrive, and something on the way says who this is. Let it pass, or ask the controller directly."
        : "Something on the way replaces the Authorization header. Let it pass, or ask the controller directly.",
    );
  }
  const own =
    used.kind === "token"
      ? observation?.tokens?.find(({ fingerprint }) => fingerprint === fingerprintOf(fromToken(used.secret)))
      : undefined;
  const named = own?.name ? ` "${own.name}"` : "";
  const expiry = own?.expiresOn ? `, which expires on ${own.expiresOn}` : "";
  const found = `"${seenAs}", by ${used.kind === "token" ? `API token${named}${expiry}` : used.kind}`;
  if (used.kind !== "cookie" && seenAs.toLowerCase() !== user.toLowerCase()) {
    return warning(
      "login",
      `${found}, though the credentials are those of "${user}"`,
      "Something on the way says who this is, and the controller believes it. Ask the controller directly.",
    );
  }
  if (used.kind !== "token" && token !== undefined) {
    return warning(
      "login",
      `${found}, because the token was not taken`,
      "That is right before the first `pulumi up`. Later, set jenkins:token (JENKINS_API_TOKEN) to a token that the controller has.",
    );
  }
  if (own?.aboutToExpire) {
    return warning("login", found, "Make a new token before that day, and set it in its place.");
  }
  return ok("login", found);
}

/** Whether we administer, and by what. */
export function rightsFinding({ user, administersBy }: Facts): Finding {
  const grant = `Grant Overall/Administer to the user id "${user}".`;
  if (administersBy === null) {
    return warning(
      "administers",
      "administers; cores before 2.266 do not tell whether by user id or through a group",
      `A login by token may carry no groups. ${grant}`,
    );
  }
  if (administersBy === "id") return ok("administers", `administers by the user id "${user}"`);
  if (administersBy === "authenticated") {
    return ok("administers", 'administers through the group "authenticated", as every user who logs in does');
  }
  return warning(
    "administers",
    "administers through a group alone",
    `A login by token carries no groups under most realms, so that no SecurityRealm will be changed. ${grant}`,
  );
}

/** What the controller demands of those who post without a token. */
export function crumbsFinding({ crumbs }: View): Finding {
  if (!crumbs) {
    return warning(
      "crumbs",
      "none are demanded: a page of another site can act as the user who is logged in",
      "Turn on CSRF protection in Manage Jenkins, Security.",
    );
  }
  const { issuer, field, boundToSession } = crumbs;
  const name = issuer.replace(/^.*\./, "");
  return ok("crumbs", `${name}, header ${field}, ${boundToSession ? "" : "not "}bound to the session`);
}

/** Which tokens the controller can hold. */
export function tokenStoresFinding(
  { abilities: { store, fixed, expiry } }: UserObservation,
  { zone }: View,
): Finding {
  if (!store) {
    return warning(
      "tokenStores",
      "legacy: one token a user, made from a seed",
      "Give each ApiToken a seed. A token of a given value needs a core from 2.129.",
    );
  }
  if (!fixed) {
    return warning(
      "tokenStores",
      "several tokens a user, but of given value only the legacy one that is made from a seed",
      "Give each ApiToken a seed. Any other value needs a core from 2.260.",
    );
  }
  return ok(
    "tokenStores",
    `fixed and legacy; ${expiry ? `tokens can expire, by the days of ${zone}` : "tokens do not expire (from 2.548 they can)"}`,
  );
}
