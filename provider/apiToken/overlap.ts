import { type Controller, operationFrom, type Values } from "../controller";
import { change, observeUser } from "./userObservation";

/** A token that works on beside the one that replaced it, for clients who get the new one in their own time. */
export interface Overlap {
  readonly uuid: string;
  /** The moment from which on the first update revokes it. */
  readonly until: string;
}

const limitToken = operationFrom<{ user: string; uuid: string; lastDay: string }, Values, null>(
  __dirname,
  "limitToken",
);

/** What a duration looks like. */
export const DURATION = /^[1-9]\d*[hd]$/;

const HOUR = 3600_000;

/** A duration such as "24h" or "7d" in milliseconds; none if it is not given. */
export function millisecondsOf(duration = "0h"): number {
  return Number.parseInt(duration, 10) * (duration.endsWith("d") ? 24 * HOUR : HOUR);
}

/** Whether the time of an overlap has passed. */
export const isOver = ({ until }: Overlap): boolean => Date.parse(until) <= Date.now();

/** A moment as a person reads it: the day and the hour, in universal time. */
export const spelt = (moment: string): string => `${moment.slice(0, 16).replace("T", " ")} UTC`;

/**
 * Has a controller whose tokens can expire end a token by itself on the day on which its overlap is over, even if no
 * runs an update again. A core's tokens expire by whole days, so that this is at most a day later.
 */
export async function limit(controller: Controller, user: string, { uuid, until }: Overlap): Promise<void> {
  const { abilities } = await observeUser(controller, user);
  if (abilities.expiry) await change(controller, limitToken, { user, uuid, lastDay: until.slice(0, 10) }, {});
}
