import type { Controller } from "../../controller";
import type { RealmObservation } from "../../securityRealm/observation";
import { type Facts, lookForPlugin, plainPasswords } from "../../securityRealm/preflight";
import type { Plugin } from "../../securityRealm/realm";
import { ldapPlugin } from "../../securityRealm/realms/ldap";
import { reverseProxyPlugin } from "../../securityRealm/realms/reverseProxy";
import { urlAuthPlugin } from "../../securityRealm/realms/urlAuth";
import { type Finding, ok, type Topic, warning } from "./report";

/** The plugins that realms come from, by their topics. */
export const plugins = {
  reverseProxyPlugin,
  ldapPlugin,
  urlAuthPlugin,
} satisfies Partial<Record<Topic, Plugin>>;

/** Whether a realm's plugin is there, and fits the core. */
export async function pluginFinding(controller: Controller, topic: keyof typeof plugins): Promise<Finding> {
  const { facts, unfitness } = await lookForPlugin(controller, plugins[topic]);
  const { core, plugin, failure } = facts;
  const has = plugin ? `${plugin.name} ${plugin.version}` : "";
  if (!unfitness) {
    const [plain] = plainPasswords(plugins[topic], plugin?.version ?? "");
    const needed = `${has}; needed: ${plugins[topic].needed(core).version}`;
    return plain ? warning(topic, needed, `With a directory, ${plain}`) : ok(topic, needed);
  }
  const { version, because } = unfitness.needed;
  switch (unfitness.fault) {
    case "missing":
      return ok(topic, `not there; for such a realm, install ${plugins[topic].names[0]} ${version} or newer`);
    case "inactive":
      return warning(topic, `${has} is not active`, "See Manage Jenkins, Plugins, and restart after.");
    case "old":
      return warning(
        topic,
        `${has} is too old: ${because}`,
        `Core ${core} needs ${version} or newer. Until it is there, no such SecurityRealm will be set.`,
      );
    case "broken":
      return warning(topic, `${has} does not load: ${failure}`, "Update the plugin, and restart after.");
  }
}

const known: Readonly<Record<string, string>> = {
  "hudson.security.HudsonPrivateSecurityRealm": "local: Jenkins' own database",
  [reverseProxyPlugin.class]: "reverseProxy: the user whom a header names",
  [ldapPlugin.class]: "ldap",
  [urlAuthPlugin.class]: "urlAuth: the user whom another site names",
};

/** Which realm is in force. */
export function realmFinding({ realm, secondsLeft }: RealmObservation): Finding {
  const name = known[realm.class] ?? `${realm.class}, which is of no type of SecurityRealm here`;
  if (secondsLeft === null) return ok("realm", name);
  return warning(
    "realm",
    `${name}; another one is being tried for ${secondsLeft} s more`,
    "The realm is being changed right now. Wait until that is over.",
  );
}

/** Who says which realm is in force. */
export function realmOwnerFinding({ configurationAsCode: code }: Facts): Finding {
  if (code === null || code.kind === "free")
    return ok("realmOwner", "Configuration as Code names no securityRealm");
  const [found, remedy] = {
    owned: [
      "Configuration as Code names a securityRealm",
      "Its next reload and the next restart put that one back. Before a SecurityRealm is set, take `jenkins: securityRealm:` out of it",
    ],
    silent: [
      "Configuration as Code could not be read in time, so that it may name a securityRealm",
      "Before a SecurityRealm is set, make its sources answer the controller",
    ],
    broken: [
      `Configuration as Code cannot be read, so that it may name a securityRealm: ${"text" in code ? code.text : ""}`,
      "Its next reload and the next restart fail. Before a SecurityRealm is set, correct it",
    ],
  }[code.kind] as [string, string];
  return warning("realmOwner", found, `${remedy}, or set overrideConfigurationAsCode: true.`);
}
