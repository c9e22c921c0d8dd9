/** Which resources want which tokens, and which have which on record, as far as this run has seen. */
import { hold, letGo } from "../holders";

/** A token by what makes it the same for two resources. */
export interface TokenPlace {
  readonly url: string;
  readonly user: string;
  /** Where it is: its name, or "legacy" if it is the user's one legacy token. */
  readonly place: { readonly name: string } | "legacy";
  readonly digits: string;
}

/** Says that a resource wants a token. */
export const holdToken = (id: string, token: TokenPlace): void => hold(id, keyOf(token));

/** Says that a resource no longer wants a token, and tells whether another one does. */
export const letGoToken = (id: string, token: TokenPlace): boolean => letGo(id, keyOf(token));

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
