/**
 * Which resource manages a configuration or a realm, as far as this run has set them. A resource that leaves the program is
 * deleted last, and must not take away what another one has taken over: where two resources become one, or one becomes two.
 */
const holders = new Map<string, string>();

/** Notes that a resource, by its id, has set what is at a place. */
export function hold(place: string, id: string): void {
  holders.set(place, id);
}

/** Whether another resource has set what is at a place, in this run. */
export function isHeldByAnother(place: string, id: string): boolean {
  return (holders.get(place) ?? id) !== id;
}
