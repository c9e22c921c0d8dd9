import { posix } from "node:path";
import type { Front } from "./front";
import { htpasswd } from "./htpasswd";
import type { Companion } from "./serverRendering";

type Location = Pick<Front, "id" | "companionFolder">;

/** The list of users and their hashes that is rendered, where the arguments name no file with one. */
export function passwordFile({ id, companionFolder }: Location): string {
  return posix.join(companionFolder, `${id}.htpasswd`);
}

/** The password with which the server searches the directory: in no configuration that others may read. */
export function bindPasswordFile({ id, companionFolder }: Location): string {
  return posix.join(companionFolder, `${id}.ldap-password`);
}

/** The files with passwords that a configuration of Apache, nginx or Squid refers to. */
export function passwordFilesFor(front: Front): Companion[] {
  const { access } = front;
  if (access.mode !== "forwardUser") return [];
  const { authentication } = access;
  if (authentication.type === "basic" && authentication.users) {
    return [{ path: passwordFile(front), content: htpasswd(front, authentication.users) }];
  }
  if (authentication.type === "ldap" && authentication.bindPassword !== undefined) {
    return [{ path: bindPasswordFile(front), content: `${authentication.bindPassword}\n` }];
  }
  return [];
}
