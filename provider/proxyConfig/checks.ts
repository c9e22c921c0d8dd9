import { abilityFaults, type Fault } from "./abilities";
import { listOf, servers, titles } from "./args/serverNames";
import { type Arguments, shape } from "./schema/arguments";
import { unquotable } from "./servers/quoting";

/** The arguments of a ProxyConfig, with the faults that a user can make. */
export const argumentsSchema = shape.superRefine((args, context) => {
  for (const { path, message } of [...abilityFaults(args), ...textFaults(args), ...headerNameFaults(args)]) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

/** The texts that stand in the configuration itself, in places where the server's syntax may not be able to hold them. */
function textFaults(args: Arguments): Fault[] {
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

/**
 * The names in the arguments that become the value of a header. Jenkins takes the bytes of a header for Latin-1, and a
 * configuration is UTF-8: it would see "Entwickler KÃ¶ln" in place of "Entwickler Köln", and grant that one nothing.
 */
function headerNameFaults({ access, probe }: Arguments): Fault[] {
  if (access.mode !== "forwardUser") return [];
  const { authentication, groups } = access;
  const users = authentication.type === "basic" ? Object.keys(authentication.users ?? {}) : [];
  const named: Fault[] = users.flatMap((user) =>
    beyondAscii(user, ["access", "authentication", "users", user]),
  );
  // Such a user exists in a directory, and the proxy refuses the login: the probe could never succeed.
  named.push(...beyondAscii(probe?.credentials?.user ?? "", ["probe", "credentials", "user"]));
  if (groups && "fixed" in groups) {
    named.push(
      ...groups.fixed.flatMap((name, index) => beyondAscii(name, ["access", "groups", "fixed", index])),
    );
  }
  if (groups && "matching" in groups) {
    const { matching = [] } = groups;
    named.push(
      ...matching.flatMap((name, index) => beyondAscii(name, ["access", "groups", "matching", index])),
    );
  }
  if (groups && "members" in groups) {
    const at = ["access", "groups", "members"];
    named.push(...Object.keys(groups.members).flatMap((name) => beyondAscii(name, [...at, name])));
  }
  return named;
}

function beyondAscii(name: string, path: PropertyKey[]): Fault[] {
  const [letter] = /[^ -~]/u.exec(name) ?? [];
  if (letter === undefined) return [];
  const message = `holds ${letter}: Jenkins reads the bytes of a header as Latin-1 and would see another name, so use letters of ASCII`;
  return [{ path, message }];
}
