import type { Arguments } from "./arguments";

/** What is allowed, and will not do what it seems to: a sentence for each, with what to do instead. */
export function adviceOn({ access }: Arguments): string[] {
  if (access.mode === "passThrough" || access.agents) return [];
  const isOpen = (page: string) => access.open.includes(page);
  if (!isOpen("/wsagents/") || isOpen("/login")) return [];
  return [
    'access.open has "/wsagents/" without "/login", and no current agent connects: it waits until /login answers 200, and logs "/login is not ready: 401" until then. Set access.agents: true instead.',
  ];
}
