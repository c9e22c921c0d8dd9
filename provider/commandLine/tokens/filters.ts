import type { Listing, StoredToken } from "../../apiToken/listing";
import { ConfigurationError } from "../../errors";

/** What a token must match, all of it, to be listed. */
export interface Filters {
  /** Not used for this many days. */
  readonly unused?: number;
  /** Expired, or to expire within this many days. */
  readonly expiring?: number;
  readonly legacy?: boolean;
}

const DAY = 24 * 3600 * 1000;

/**
 * Returns whether a token matches the filters, by the controller's own clock.
 *
 * @throws ConfigurationError if the controller does not record what a filter asks for.
 */
export function filterFor(
  { unused, expiring, legacy }: Filters,
  { now, today, recordsUses }: Omit<Listing, "users">,
  url: string,
): (token: StoredToken) => boolean {
  if (unused !== undefined && !recordsUses) {
    throw new ConfigurationError(
      `${url} does not record when tokens are used: its core is older than 2.129, or "API token usage statistics" are turned off in Manage Jenkins, Security. Leave --unused out.`,
    );
  }
  const lastDay = expiring === undefined ? "" : dayAfter(today, expiring);
  return (token) =>
    (unused === undefined || now - (token.lastUsed ?? token.created ?? 0) >= unused * DAY) &&
    (expiring === undefined || (token.expiresOn !== undefined && token.expiresOn <= lastDay)) &&
    (!legacy || token.legacy === true);
}

const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
