import { z } from "zod";
import type { Realm } from "../realm";

/** Jenkins' own database of users. */
export const localSchema = z.strictObject({
  type: z.literal("local"),
  allowsSignup: z.boolean().default(false),
  accounts: z
    .array(z.strictObject({ user: z.string().trim().min(1), password: z.string().min(1) }))
    .default([]),
});

/** Every controller has this realm, and it asks no other server. */
export function local({ allowsSignup, accounts }: z.output<typeof localSchema>): Realm {
  return {
    type: "local",
    described: {
      class: "hudson.security.HudsonPrivateSecurityRealm",
      properties: { allowsSignup, enableCaptcha: false },
    },
    secrets: Object.fromEntries(accounts.map(({ user, password }) => [`account ${user}`, password])),
    argumentFor: (property) => property,
    lets: ["token", "password"],
    knowsUsers: true,
    accounts,
  };
}
