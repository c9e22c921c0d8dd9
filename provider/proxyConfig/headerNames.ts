import type { Arguments } from "./arguments";
import type { Fault } from "./fault";

/**
 * The names in the arguments that become the value of a header. Jenkins takes the bytes of a header for Latin-1, and a
 * configuration is UTF-8: it would see "Entwickler KÃ¶ln" in place of "Entwickler Köln", and grant that one nothing.
 */
export function headerNameFaults({ access }: Arguments): Fault[] {
  if (access.mode !== "forwardUser") return [];
  const { authentication, groups } = access;
  const users = authentication.type === "basic" ? Object.keys(authentication.users ?? {}) : [];
  const named: Fault[] = users.flatMap((user) =>
    beyondAscii(user, ["access", "authentication", "users", user]),
  );
  if (groups && "fixed" in groups) {
    named.push(
      ...groups.fixed.flatMap((name, index) => beyondAscii(name, ["access", "groups", "fixed", index])),
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
