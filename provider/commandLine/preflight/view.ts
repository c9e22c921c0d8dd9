import { type Controller, operationFrom } from "../../controller";
import { basicAuthorization } from "../../http";
import { keyedHash, runKey } from "../../runKey";

/** What a controller sees of a request, and what it says of itself. */
export interface View {
  /** Its clock, in milliseconds since 1970. */
  readonly now: number;
  /** The time zone that its days are in. */
  readonly zone: string;
  /** Its own address, as it was told; null if it was told none. */
  readonly configuredUrl: string | null;
  /** The names of the headers that arrived, in lower case. */
  readonly headers: readonly string[];
  /** The values of those that tell addresses, by their names in lower case. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The keyed hash of the Authorization header; null if none arrived. */
  readonly authorization: string | null;
  /** Null if it demands no crumbs. */
  readonly crumbs: {
    readonly issuer: string;
    readonly field: string;
    readonly boundToSession: boolean;
  } | null;
}

const look = operationFrom<Record<string, never>, { key: string }, View>(__dirname, "view");

/** Looks from inside the controller at the request that asks for it. */
export async function viewFrom(
  controller: Controller,
): Promise<View & { readonly sent: number; readonly received: number }> {
  const sent = Date.now();
  const view = await controller.run(look, {}, { key: runKey });
  return { ...view, sent, received: Date.now() };
}

/** Whether the Authorization header that arrived is the one that is sent for a user with a token or a password. */
export function arrivedAs({ authorization }: View, user: string, secret: string | undefined): boolean {
  if (secret === undefined) return false;
  return keyedHash(basicAuthorization(user, secret)) === authorization;
}
