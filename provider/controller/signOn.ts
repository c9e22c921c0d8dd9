import { RedirectedError, type SignOnProtocol } from "../errors";
import type { Connection } from "./connection";

/** Where a realm starts a login at another site: the plugins oic-auth and saml use the same path. */
const BEGINNING = "/securityRealm/commenceLogin";

/** The kind of identity provider that a redirect, or a page that posts to one, leads to, if any. */
export function signOnIn(text: string): SignOnProtocol | undefined {
  if (/\bSAMLRequest=|name="SAMLRequest"/.test(text)) return "SAML";
  if (/[?&]response_type=/.test(text) && /[?&]client_id=/.test(text)) return "OpenID Connect";
  return text.replace(/[?#].*$/s, "").endsWith(BEGINNING) ? "single sign-on" : undefined;
}

/**
 * The same redirect with what is behind it: a realm of Jenkins' own, if Jenkins answers without credentials what is open to
 * all, and begins a login at an identity provider. A proxy in front would keep clients away from the first of these too.
 */
export async function withRealmBehind(
  error: RedirectedError,
  connection: Connection,
): Promise<RedirectedError> {
  if (error.signOn === undefined) return error;
  const open = await connection.ask({ path: "/whoAmI/api/json" }).catch(() => undefined);
  if (open?.status !== 200 || !/"anonymous"\s*:\s*true/.test(open.text)) return error;
  const beginning = await connection.ask({ path: BEGINNING }).then(
    ({ text }) => signOnIn(text),
    (failure: unknown) => (failure instanceof RedirectedError ? failure.signOn : undefined),
  );
  const { url, status, location, signOn } = error;
  if (!beginning) return error;
  return new RedirectedError(
    url,
    status,
    location,
    beginning === "single sign-on" ? signOn : beginning,
    true,
  );
}
