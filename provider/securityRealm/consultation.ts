import type { Controller } from "../controller";
import { NotPossibleError } from "../errors";
import { runKey } from "../runKey";
import { operationOf } from "./observation";
import type { Described, Realm } from "./realm";
import { referralIn } from "./referrals";

/** What came of asking a realm, or the site that it asks, before it is in force. */
type Told =
  | { readonly kind: "known" | "unknown" | "refused" | "silent" | "nameless" }
  | { readonly kind: "failed" | "no JSON"; readonly text: string }
  | { readonly kind: "name"; readonly text: string; readonly administers: boolean }
  | { readonly kind: "status"; readonly status: number };

const consult = operationOf<
  { realm?: Described; user?: string; site?: { url: string; key: string }; seconds: number },
  Record<string, string>,
  Told
>("beside", "properties", "rights", "consultRealm");

/** A realm that is to be put in force: one that is asked for, or one that was there before, as XML. */
export type Candidate =
  | { readonly realm: Realm; readonly xml?: undefined }
  | { readonly realm?: undefined; readonly xml: string };

/** Asks the directory, the database or the site about us, from the controller, as the realm will. */
export async function consultBeforehand(
  controller: Controller,
  candidate: Candidate,
  user: string,
  seconds: number,
): Promise<void> {
  const { realm, xml } = candidate;
  const { cookie } = controller.settings;
  if (realm?.site) {
    const told = await controller.run(
      consult,
      { site: realm.site, seconds },
      { key: runKey, ...(cookie && { cookie }) },
    );
    return refuseSite(controller, realm.site, told, seconds);
  }
  const password = onlyPassword(controller);
  const account = realm?.accounts.find((account) => account.user === user);
  if (account && password === undefined) return;
  const asks = realm
    ? realm.knowsUsers
    : /^<hudson\.security\.(HudsonPrivate|LDAP)SecurityRealm|^<org\.jenkinsci\.plugins\.reverse_.*<server>/s.test(
        xml ?? "",
      );
  if (!asks) return;
  const told = await controller.run(
    consult,
    { ...(realm && { realm: realm.described }), user, seconds },
    {
      key: runKey,
      ...realm?.secrets,
      ...(xml !== undefined && { xml }),
      ...(password !== undefined && { password }),
    },
  );
  // An account that is not there yet will have the password that it is given.
  const willHave = account !== undefined && account.password === password;
  if (told.kind === "known" || (told.kind === "unknown" && willHave)) return;
  const referral = realm && told.kind !== "unknown" ? await referralIn(controller, realm, user) : "";
  refuseUnknown(controller, user, told, seconds, referral);
}

function refuseUnknown(
  { url }: Controller,
  user: string,
  told: Told,
  seconds: number,
  referral: string,
): void {
  const what = {
    unknown: `does not know user "${user}", as whom this run is logged in: its token would be answered 500, and its password 401. Add the user there, or set jenkins:user to one who is in it`,
    refused: `does not take the password of user "${user}", by which alone this run gets in: it would be locked out, and the unconfirmed realm in force until confirm.within is over. Set jenkins:token to an API token of that user, which works under both realms`,
    silent: `did not answer ${url} within ${seconds} s. Check the address of its server and the network between, from that host`,
    failed: `failed when ${url} asked it for user "${user}": ${"text" in told ? told.text : ""}. Check its server, and the DN and password of its manager`,
  }[told.kind as "unknown" | "refused" | "silent" | "failed"];
  throw new NotPossibleError(`The new realm ${what}.${referral} Nothing was changed.`);
}

function refuseSite(
  { url }: Controller,
  site: NonNullable<Realm["site"]>,
  told: Told,
  seconds: number,
): void {
  if (told.kind === "name" && told.administers) return;
  const what = {
    status:
      "status" in told && told.status === 401
        ? "does not know the cookie (401): it expired, or its owner signed out. Sign in again, and set jenkins:cookie to the new one"
        : `answered ${"status" in told ? told.status : ""}. See its log`,
    name: `takes the cookie for that of "${"text" in told ? told.text : ""}", who does not administer ${url} by that user id. Sign in there as a user who does, and set jenkins:cookie`,
    nameless: `gave no "${site.key}" in its answer. Set userNameKey to the key that holds the name of the user`,
    "no JSON": `gave no JSON: ${"text" in told ? told.text : ""}. Under the realm that is a 500 for every request. Check targetUrl`,
    failed: `could not be asked from ${url}: ${"text" in told ? told.text : ""}. Check targetUrl, from that host`,
    silent: `did not answer ${url} within ${seconds} s, and the realm waits for it without end. Check targetUrl, from that host`,
  }[told.kind as "name" | "status" | "nameless" | "no JSON" | "failed" | "silent"];
  throw new NotPossibleError(`The site ${site.url} ${what}. Nothing was changed.`);
}

/** The password of a run that has no token, and so gets in by it alone. */
const onlyPassword = ({ settings: { token, password } }: Controller) =>
  token === undefined ? password : undefined;
