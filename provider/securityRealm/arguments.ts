import { z } from "zod";
import { controllerArgument, cookie, refineUserId } from "../controller";
import { type Properties, withoutUnknown } from "../engine";
import type { Realm } from "./realm";
import { ldap, ldapSchema } from "./realms/ldap";
import { local, localSchema } from "./realms/local";
import { reverseProxy, reverseProxySchema } from "./realms/reverseProxy";
import { urlAuth, urlAuthSchema } from "./realms/urlAuth";

const realm = z.discriminatedUnion("type", [localSchema, reverseProxySchema, ldapSchema, urlAuthSchema], {
  error: ({ input }) =>
    (input as { type?: unknown } | undefined)?.type === "none"
      ? "none is never set: without a realm every request is anonymous, and no administrator can put it right. To let every request in, choose an authorization strategy that does"
      : "must be one of reverseProxy, ldap, urlAuth and local",
});

const login = z
  .strictObject({
    user: z.string().trim().min(1, "must name the user whom the controller is to see"),
    group: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    token: z.string().min(1).optional(),
    cookie: cookie.optional(),
    url: z.url({ protocol: /^https?$/, error: "must be a http or https address" }).optional(),
    headers: z.record(z.string(), z.string()).default({}),
  })
  .superRefine(({ password, token, cookie, url, headers }, context) => {
    const shown = [password, token, cookie].filter((secret) => secret !== undefined).length;
    if (shown > 1)
      context.addIssue({ code: "custom", message: "must show one of password, token and cookie" });
    if (shown === 0 && url === undefined && Object.keys(headers).length === 0) {
      context.addIssue({
        code: "custom",
        message:
          "shows nothing to log in with: give a password, token, cookie, headers, or the url of a proxy",
      });
    }
  });

const shape = z.strictObject({
  realm,
  confirm: z
    .strictObject({
      within: z
        .int("must be a whole number of seconds")
        .min(3, "must be at least 3 seconds")
        .max(3600, "must be at most 3600 seconds")
        .default(60),
      as: z.array(login).default([]),
    })
    .prefault({}),
  overrideConfigurationAsCode: z.boolean().default(false),
  controller: controllerArgument,
  status: z.string().optional(),
  differences: z.record(z.string(), z.string()).optional(),
});

/** The arguments of a SecurityRealm, with the faults that a user can make. */
export const argumentsSchema = shape.superRefine(({ realm, confirm }, context) => {
  const accounts = realm.type === "local" ? realm.accounts : [];
  for (const [index, { user }] of accounts.entries())
    refineUserId(user, ["realm", "accounts", index, "user"], context);
  for (const [index, { user }] of confirm.as.entries())
    refineUserId(user, ["confirm", "as", index, "user"], context);
});

/** The arguments with their defaults. */
export type Arguments = z.output<typeof shape>;

/** A login that must work under the new realm before it is kept. */
export type Confirmation = z.output<typeof login>;

/** The arguments that the engine passes, once they are checked. */
export function argumentsOf({ __provider, ...given }: Properties): Arguments {
  return shape.parse(given);
}

/** The inputs that a state was made with. */
export function inputsIn(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name in shape.shape));
}

/** The realm of arguments of which some may not be known yet; nothing if too much of it is missing. */
export function knownRealmOf({ realm: given }: Properties): Realm | undefined {
  const known = realm.safeParse(withoutUnknown(given));
  return known.success ? realmOf({ realm: known.data }) : undefined;
}

/** The realm that the arguments ask for, in the terms of the controller. */
export function realmOf({ realm }: Pick<Arguments, "realm">): Realm {
  switch (realm.type) {
    case "local":
      return local(realm);
    case "reverseProxy":
      return reverseProxy(realm);
    case "ldap":
      return ldap(realm);
    case "urlAuth":
      return urlAuth(realm);
  }
}
