import type { Arguments } from "./arguments";
import type { Fault } from "./fault";
import { listOf, servers, titles } from "./serverNames";
import { unquotable } from "./servers/unquotable";

/** The texts that stand in the configuration itself, in places where the server's syntax may not be able to hold them. */
export function textFaults(args: Arguments): Fault[] {
  return textsOf(args).flatMap(({ path, text }) => {
    const [found] = unquotable[args.server].exec(text) ?? [];
    if (found === undefined) return [];
    const able = servers.filter((server) => !unquotable[server].test(text));
    const others = able.length > 0 ? ` ${listOf(able)} can.` : "";
    return [
      { path, message: `holds ${found}, which ${titles[args.server]} has no sound way to write.${others}` },
    ];
  });
}

function textsOf({ name, access }: Arguments): { path: PropertyKey[]; text: string }[] {
  const texts: { path: PropertyKey[]; text: string }[] = [{ path: ["name"], text: name }];
  if (access.mode === "passThrough") return texts;
  texts.push({ path: ["access", "realm"], text: access.realm });
  if (access.mode === "requireCredentials") return texts;
  const { authentication, groups } = access;
  const named = (place: string[], values: object) =>
    Object.keys(values).map((text) => ({ path: ["access", ...place, text], text }));
  if (authentication.type === "basic")
    texts.push(...named(["authentication", "users"], authentication.users ?? {}));
  if (authentication.type === "ldap") {
    for (const key of ["base", "filter", "bindDn"] as const) {
      texts.push({ path: ["access", "authentication", key], text: authentication[key] ?? "" });
    }
  }
  if (groups && "fixed" in groups) {
    texts.push(...groups.fixed.map((text, index) => ({ path: ["access", "groups", "fixed", index], text })));
  }
  if (groups && "matching" in groups) {
    const { matching = [] } = groups;
    texts.push(...matching.map((text, index) => ({ path: ["access", "groups", "matching", index], text })));
  }
  if (groups && "members" in groups) {
    texts.push(...named(["groups", "members"], groups.members));
    for (const [group, members] of Object.entries(groups.members)) {
      texts.push(
        ...members.map((text, index) => ({ path: ["access", "groups", "members", group, index], text })),
      );
    }
  }
  return texts;
}
