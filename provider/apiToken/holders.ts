/**
 * Which resources want which tokens, as far as this run has seen.
 *
 * A token moves from one resource to another within one `pulumi up`: the new resource finds it there with the wanted
 * value, and then the engine deletes the old resource, which must not revoke what the new one has taken over. The engine
 * deletes what left the program only after it has asked for a `diff` or a `create` of all that is in it. So by the time
 * of a delete every other resource that wants the token is recorded here, even if an earlier run broke off in between.
 */
const holders = new Map<string, Set<string>>();

/** A token by what makes it the same for two resources. */
export interface TokenPlace {
  readonly url: string;
  readonly user: string;
  /** Where it is: its name, or "legacy" if it is the user's one legacy token. */
  readonly place: { readonly name: string } | "legacy";
  readonly digits: string;
}

/** Says that a resource wants a token. */
export function hold(id: string, token: TokenPlace): void {
  const known = holders.get(keyOf(token));
  if (known) known.add(id);
  else holders.set(keyOf(token), new Set([id]));
}

/** Says that a resource no longer wants a token, and tells whether another one does. */
export function letGo(id: string, token: TokenPlace): boolean {
  const others = holders.get(keyOf(token));
  others?.delete(id);
  return others !== undefined && others.size > 0;
}

/** Which resources have which uuids on record as to be revoked later, each with its controller. */
const recorded = new Map<string, Set<string>>();

/** Says that a resource has a token on record, and sees to it that a later run revokes it. */
export function record(id: string, url: string, uuid: string): void {
  const key = `${url} ${uuid}`;
  recorded.set(key, (recorded.get(key) ?? new Set()).add(id));
}

/** Whether another resource than this one has a token on record. */
export const isRecordedElsewhere = (id: string, url: string, uuid: string): boolean =>
  [...(recorded.get(`${url} ${uuid}`) ?? [])].some((other) => other !== id);

/** Uuids of the tokens that resources have in their states, each with its controller. */
const managed = new Set<string>();

/** Says that a resource has tokens in its state. */
export function manage(url: string, uuids: readonly string[]): void {
  for (const uuid of uuids) if (uuid !== "") managed.add(`${url} ${uuid}`);
}

/** Whether a resource that this run has seen has a token in its state. */
export const isManaged = (url: string, uuid: string): boolean => managed.has(`${url} ${uuid}`);

const keyOf = ({ url, user, place, digits }: TokenPlace) =>
  JSON.stringify([url, user.toLowerCase(), place, digits]);
