/** The servers that can be rendered. */
export const servers = ["apache", "nginx", "haproxy", "squid", "caddy"] as const;

/** One of the servers that can be rendered. */
export type Server = (typeof servers)[number];

/** How people write the names of the servers. */
export const titles: Record<Server, string> = {
  apache: "Apache",
  nginx: "nginx",
  haproxy: "HAProxy",
  squid: "Squid",
  caddy: "Caddy",
};

/** Some servers, as a sentence has them. */
export function listOf(names: readonly Server[]): string {
  const said = names.map((name) => titles[name]);
  return said.length < 2 ? said.join("") : `${said.slice(0, -1).join(", ")} and ${said.at(-1)}`;
}
