import { createHash, randomBytes } from "node:crypto";

/** A seed, or the 32 digits of a token, that no other test has. */
export const random = (): string => randomBytes(16).toString("hex");

/** The token that Jenkins derives from a seed. */
export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
