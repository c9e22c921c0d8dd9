import type { Arguments } from "./schema/arguments";
import { namesIn, resolverOf } from "./schema/names";

/** A sentence for each argument that is allowed and does not do what it seems to, with what to do instead. */
export function adviceOn(args: Arguments): string[] {
  return [...adviceOnAgents(args), ...adviceOnGroups(args), ...adviceOnNames(args)];
}

/** A sentence if the headers are renamed by which Jenkins knows users: nothing else changes the realm that reads them. */
export function adviceOnRename(before: Arguments, { access }: Arguments): string[] {
  if (before.access.mode !== "forwardUser" || access.mode !== "forwardUser") return [];
  const [old, next] = [before.access.headers.user, access.headers.user];
  const bridged = access.alsoSend.some(
    ({ header, value }) => value === "user" && header.toLowerCase() === old.toLowerCase(),
  );
  if (old.toLowerCase() === next.toLowerCase() || bridged) return [];
  return [
    `access.headers.user changes from ${old} to ${next}. Until the realm of Jenkins reads ${next}, every user is anonymous. A SignOn changes both as one; with access.alsoSend: [{ header: "${old}", value: "user" }] the proxy sends both meanwhile.`,
  ];
}

function adviceOnAgents({ access }: Arguments): string[] {
  if (access.mode === "passThrough" || access.agents) return [];
  const isOpen = (page: string) => access.open.includes(page);
  if (!isOpen("/wsagents/") || isOpen("/login")) return [];
  return [
    'access.open has "/wsagents/" without "/login", and no current agent connects: it waits until /login answers 200, and logs "/login is not ready: 401" until then. Set access.agents: true instead.',
  ];
}

/** The plugin keeps the groups of a request in a field of the realm, where a request of another user can read them. */
function adviceOnGroups({ access }: Arguments): string[] {
  if (access.mode !== "forwardUser" || !access.groups) return [];
  return [
    "access.groups: the reverse proxy plugin mixes up the groups of requests that arrive at the same time, so that a user can have those of another for one request. Grant rights to user ids, and none that matter to a group.",
  ];
}

/** Without a name server, nginx resolves names once. */
function adviceOnNames(args: Arguments): string[] {
  if (args.server !== "nginx" || resolverOf(args) !== undefined) return [];
  return namesIn(args)
    .filter((name) => !args.destination || !name.includes("."))
    .map(
      (name) =>
        `nginx resolves "${name}" once, when it starts, and does not start if that fails. Set upstream.resolver to the address of a name server (127.0.0.11 in Docker), so that nginx resolves it again.`,
    );
}
