import { z } from "zod";
import { refineUserId } from "../controller";
import { argumentsSchema as proxyConfigSchema } from "../proxyConfig/checks";
import { shape as proxyConfig } from "../proxyConfig/schema/arguments";
import { destinationSchema } from "../proxyConfig/schema/destination";
import { line } from "../proxyConfig/schema/values";
import { argumentsSchema as securityRealmSchema } from "../securityRealm/arguments";
import { reverseProxySchema } from "../securityRealm/realms/reverseProxy";
import { urlAuthSchema } from "../securityRealm/realms/urlAuth";

const { confirm, controller, overrideConfigurationAsCode, differences } = securityRealmSchema.shape;

/** What a SignOn can be given, argument by argument. */
export const shape = z.strictObject({
  name: line,
  proxy: proxyConfig.omit({ name: true }).extend({ destination: destinationSchema }),
  realm: z.discriminatedUnion(
    "type",
    [reverseProxySchema.omit({ headers: true }), urlAuthSchema],
    "must be an object with the type reverseProxy or urlAuth: no other realm has a half in the proxy",
  ),
  confirm,
  overrideConfigurationAsCode,
  controller,
  status: z.strictObject({ proxy: z.string(), realm: z.string() }).optional(),
  differences,
});

/** The arguments of a SignOn, with the faults that a user can make. */
export const argumentsSchema = shape.superRefine(({ name, proxy, realm, confirm }, context) => {
  for (const { message, path } of proxyConfigSchema.safeParse({ ...proxy, name }).error?.issues ?? []) {
    context.addIssue({ code: "custom", message, path: ["proxy", ...path] });
  }
  for (const [index, { user }] of confirm.as.entries()) {
    refineUserId(user, ["confirm", "as", index, "user"], context);
  }
  const { mode } = proxy.access;
  if (realm.type === "reverseProxy" && mode !== "forwardUser") {
    context.addIssue({
      code: "custom",
      path: ["proxy", "access", "mode"],
      message: `must be forwardUser: with ${mode} no header names the user to the realm`,
    });
  }
  if (realm.type === "urlAuth" && mode === "forwardUser") {
    context.addIssue({
      code: "custom",
      path: ["proxy", "access", "mode"],
      message: "cannot be forwardUser: the realm urlAuth reads cookies, and no header",
    });
  }
});

/** The arguments whose values must not be shown. */
export const SECRET_ARGUMENTS = ["proxy", "realm", "confirm", "controller"];
