import type { Ability } from "../../controller/abilities";
import type { RealmFixture, RealmText } from "../realmFixture";

/** Something that goes wrong when a realm is changed, and what is to be said of it. */
export interface Failure {
  readonly name: string;
  /** The realm that is asked for, while Jenkins' own database is in force. */
  readonly realm: (fixture: RealmFixture) => RealmText;
  /** Logins that must work. */
  readonly as?: (fixture: RealmFixture) => object[];
  /** How the run gets in, if not by token and cookie. */
  readonly settings?: (fixture: RealmFixture) => Promise<Record<string, string>>;
  /** Brings the cause about before the run. */
  readonly before?: (fixture: RealmFixture) => unknown;
  /** Brings it about while the new realm is tried. */
  readonly during?: (fixture: RealmFixture) => unknown;
  readonly says: RegExp;
  /** Takes the cause away. What a fixture resets by itself needs none. */
  readonly after?: (fixture: RealmFixture) => unknown;
  /** The seconds of `confirm.within`. @default 20, which only those wait for whom nothing lets in meanwhile */
  readonly within?: number;
  /** Whether it needs what only a test controller has: its faults, its files. */
  readonly own?: boolean;
  /** What it needs that not every core has. */
  readonly needs?: Ability;
}
