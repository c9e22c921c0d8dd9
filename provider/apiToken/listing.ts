import { type Controller, operationFrom } from "../controller";

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

/** The tokens of a controller, or of some of its users. */
export interface Listing {
  /** The controller's clock, in milliseconds since 1970. */
  readonly now: number;
  /** The day in the controller's time zone, by which tokens expire. */
  readonly today: string;
  readonly recordsUses: boolean;
  readonly users: readonly { readonly id: string; readonly tokens: readonly StoredToken[] }[];
}

const list = operationFrom<{ users: string[] | null }, Record<string, never>, Listing>(__dirname, "list");

/** Lists the tokens of all users, in one script call. */
export const listTokens = (controller: Controller): Promise<Listing> =>
  controller.run(list, { users: null }, {});

/** Lists the tokens of these users, by the ids that are given. A user who does not exist is left out. */
export const listTokensOf = (controller: Controller, users: readonly string[]): Promise<Listing> =>
  controller.run(list, { users: [...users] }, {});

/** Users choose the names of their tokens, and could write to the terminal with them. */
export const visible = (text: string) =>
  text.replace(/[\p{C}\u2028\u2029]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
