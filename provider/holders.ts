/**
 * Which resources want what is at a place (a token, a configuration, a realm), as far as this run has seen.
 *
 * It moves from one resource to another within one `pulumi up`: the new resource finds it there as wanted, and then the
 * engine deletes the old resource, which must not take away what the new one has taken over. The engine deletes what left
 * the program only after it has asked for a `diff` or a `create` of all that is in it. So by the time of a delete every other
 * resource that wants it is recorded here, even if an earlier run broke off in between.
 */
const holders = new Map<string, Set<string>>();

/** Says that a resource, by its id, wants what is at a place. */
export function hold(id: string, place: string): void {
  holders.set(place, (holders.get(place) ?? new Set()).add(id));
}

/** Whether another resource than this one wants what is at a place. */
export const isHeldByAnother = (id: string, place: string): boolean =>
  [...(holders.get(place) ?? [])].some((other) => other !== id);

/** Says that a resource no longer wants what is at a place, and tells whether another one does. */
export function letGo(id: string, place: string): boolean {
  holders.get(place)?.delete(id);
  return isHeldByAnother(id, place);
}
