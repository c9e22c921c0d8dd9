import { type Controller, operationFrom } from "../../controller";

/** A token as the controller lists it. Cores from before the token store have one for each user, without uuid and name. */
export interface StoredToken {
  readonly uuid: string;
  readonly name: string;
  /** In milliseconds since 1970; absent if the controller does not know it. */
  readonly created?: number;
  readonly lastUsed?: number;
  /** Absent if the controller does not record uses. */
  readonly uses?: number;
  readonly legacy?: boolean;
  readonly expiresOn?: string;
}

/** All tokens of a controller. */
export interface Listing {
  /** The controller's clock, in milliseconds since 1970. */
  readonly now: number;
  /** The day in the controller's time zone, by which tokens expire. */
  readonly today: string;
  readonly recordsUses: boolean;
  readonly users: readonly { readonly id: string; readonly tokens: readonly StoredToken[] }[];
}

const list = operationFrom<Record<string, never>, Record<string, never>, Listing>(__dirname, "list");

/** Lists the tokens of all users, in one script call. */
export const listTokens = (controller: Controller): Promise<Listing> => controller.run(list, {}, {});
