import type { Stack } from "@pulumi/pulumi/automation";
import { type Listing, listTokens, type StoredToken } from "../../apiToken/listing";
import { Controller } from "../../controller";
import type { ControllerSettings } from "../../controller/settings";
import { type Filters, filterFor } from "./filters";
import type { ManagerOf } from "./managed";
import type { ListedToken, TokensReport } from "./report";

/**
 * Lists the tokens on a controller that match the filters. Nothing on it is changed.
 *
 * @param stack the stack whose resources may manage them.
 * @throws ProviderError if the controller or the stack could not be read.
 */
export async function tokensOn(
  settings: ControllerSettings,
  filters: Filters,
  stack?: Stack,
): Promise<TokensReport> {
  const controller = new Controller(settings);
  try {
    const { url } = controller;
    const [listing, managerOf] = await Promise.all([
      listTokens(controller),
      // The engine's interface takes half a second to load, and is of no use without a stack.
      stack && (require("./managed") as typeof import("./managed")).managersIn(stack, url),
    ]);
    return reportOf(url, listing, filters, managerOf);
  } finally {
    await controller.close();
  }
}

function reportOf(
  url: string,
  listing: Listing,
  filters: Filters,
  managerOf: ManagerOf | undefined,
): TokensReport {
  const { now, today, recordsUses, users } = listing;
  const matches = filterFor(filters, listing, url);
  const tokens = users.flatMap(({ id, tokens }) =>
    tokens.filter(matches).map((token) => listed(id, token, today, managerOf)),
  );
  const isFiltered = Object.values(filters).some((filter) => filter !== undefined);
  return {
    outcome: isFiltered ? (tokens.length > 0 ? "found" : "none found") : "listed",
    url,
    listedAt: new Date(now).toISOString(),
    total: { users: users.length, tokens: users.reduce((sum, { tokens }) => sum + tokens.length, 0) },
    recordsUses,
    tokens,
    problems: [],
  };
}

function listed(
  user: string,
  { uuid, name, created, lastUsed, uses, expiresOn, legacy = false }: StoredToken,
  today: string,
  managerOf: ManagerOf | undefined,
): ListedToken {
  return {
    user,
    name,
    uuid,
    ...(created !== undefined && { created: new Date(created).toISOString() }),
    ...(lastUsed !== undefined && { lastUsed: new Date(lastUsed).toISOString() }),
    ...(uses !== undefined && { uses }),
    ...(expiresOn !== undefined && { expiresOn }),
    expired: expiresOn !== undefined && expiresOn < today,
    legacy,
    ...(managerOf && { managedBy: managerOf({ user, uuid }) ?? null }),
  };
}
