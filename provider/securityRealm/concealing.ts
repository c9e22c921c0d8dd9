import { type Input, output, secret } from "@pulumi/pulumi";
import { concealedController, given, isLater } from "../resource";
import type { SecurityRealmArgs } from "./securityRealm";

/** The arguments of a realm whose secrets the state encrypts, even if the program passes them in the clear. */
export function concealedRealm({
  realm,
  confirm,
  controller,
}: Pick<SecurityRealmArgs, "confirm" | "controller"> & { readonly realm: unknown }): Record<string, unknown> {
  return {
    realm: withSecrets(realm),
    confirm: withSecrets(confirm, SECRETS_OF_LOGINS),
    controller: concealedController(controller),
  };
}

/** The names that stand for secrets, wherever they are in the arguments. */
const SECRETS = new Set(["password", "managerPassword", "token", "cookie"]);

/** The names that stand for secrets in a login of `confirm.as`. */
const SECRETS_OF_LOGINS = new Set([...SECRETS, "headers"]);

/** The same value, in which the state encrypts what ought to be, even if the program passes it in the clear. */
function withSecrets<T>(value: Input<T> | undefined, names = SECRETS): Input<unknown> | undefined {
  if (value === undefined) return undefined;
  if (isLater(value)) return secret(output(value));
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, names));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(given(value)).map(([name, member]) => [
      name,
      names.has(name) ? secret(member) : withSecrets(member, names),
    ]),
  );
}
