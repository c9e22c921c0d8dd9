import { createHmac, randomBytes } from "node:crypto";

/**
 * A random key of this run. A controller shows secrets as hashes that are keyed with it, so that what it returns is of no
 * use without the key.
 */
export const runKey = randomBytes(32).toString("hex");

/** The hash of a secret as a controller shows it: SHA-256, keyed with {@link runKey}, in hexadecimal. */
export function keyedHash(secret: string): string {
  return createHmac("sha256", runKey).update(secret).digest("hex");
}
