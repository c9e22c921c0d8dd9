import { z } from "zod";
import type { Plugin, Realm } from "../realm";

const address = z.url({
  protocol: /^https?$/,
  error: "must be a http or https address, such as https://sso.example.com/data",
});
const jsonKey = (fallback: string) =>
  z.string().min(1, "must name a key of the site's answer").default(fallback);

/** The user whom another site names, by the cookie that it shares with the controller. */
export const urlAuthSchema = z.strictObject({
  type: z.literal("urlAuth"),
  targetUrl: address,
  loginUrl: address,
  userNameKey: jsonKey("user_name"),
  displayNameKey: jsonKey("display_name"),
  emailKey: jsonKey("public_email"),
  acknowledge: z.literal(
    "api-tokens-stop-working",
    'must be "api-tokens-stop-working": under this realm no API token and no password works, for any user',
  ),
});

/** Where the realm comes from. */
export const urlAuthPlugin: Plugin = {
  names: ["url-auth-sso", "url-auth-sso-plugin"],
  title: "URL Auth",
  class: "cf.pgmann.plugins.urlauth.UrlSecurityRealm",
  needed: () => ({ version: "1.0", because: "there is no older one" }),
};

/** The realm of the URL-auth plugin. It looks at cookies, and at nothing else. */
export function urlAuth(args: z.output<typeof urlAuthSchema>): Realm {
  const { targetUrl, loginUrl, userNameKey, displayNameKey, emailKey } = args;
  return {
    type: "urlAuth",
    plugin: urlAuthPlugin,
    described: {
      class: urlAuthPlugin.class,
      properties: { targetUrl, ssoLoginUrl: loginUrl, userNameKey, displayNameKey, emailKey },
    },
    secrets: {},
    argumentFor: (property) => (property === "ssoLoginUrl" ? "loginUrl" : property),
    lets: ["cookie"],
    knowsUsers: false,
    site: { url: targetUrl, key: userNameKey },
    accounts: [],
  };
}
