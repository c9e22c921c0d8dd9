import type { Controller } from "../controller";
import { operationOf } from "./observation";
import type { Realm } from "./realm";

/** A directory that a realm searches for users, as far as finding its referrals needs it. */
export interface SearchedDirectory {
  readonly url: string;
  /** The entry that it is searched below. Null if the directory itself says which. */
  readonly rootDN: string | null;
  /** What the program calls that one. */
  readonly argument: string;
  /** Properties for the connection, as JNDI has them. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The entry below that one. */
  readonly base: string;
  /** The filter, with `{0}` for the user. */
  readonly search: string;
  readonly managerDN: string;
  /** The name of the manager's password among the secrets of the realm. */
  readonly managerPassword: string;
}

/** How the argument of a realm names a directory: a host or a URL, or several of them with blanks between. */
export const directoryUrl = (server: string) =>
  server
    .split(/\s+/)
    .map((each) => (each.includes("://") ? each : `ldap://${each}`))
    .join(" ");

const find = operationOf<
  { directories: readonly SearchedDirectory[]; user: string; seconds: number },
  Record<string, string>,
  { referral: string | null }
>("beside", "directory", "referrals");

/** How long the directories of a realm may take to answer, in seconds. */
const PATIENCE = 3;

/**
 * Why a realm that asks a directory can fail although the directory itself is well: it refers to another one.
 *
 * @returns the sentences to add to what came back, or nothing if there is no referral.
 */
export async function referralIn(
  controller: Controller,
  { directories, secrets, type }: Realm,
  user: string,
): Promise<string> {
  if (!directories) return "";
  const { referral } = await controller.run(find, { directories, user, seconds: PATIENCE }, { ...secrets });
  if (referral === null) return "";
  const follows =
    type === "ldap"
      ? "which the LDAP plugin follows before 807.809.vd3a_4e5e4ec98. Update the plugin"
      : "which the Reverse Proxy Auth plugin always follows. Make that directory reachable from there";
  return ` The directory refers to ${referral}, ${follows}, set userSearchBase to an entry without referrals below it or, with Active Directory, ask the global catalog (port 3268).`;
}
