import { z } from "zod";

/**
 * What a login can name as its user. Basic credentials end the user at the first colon, and cores before 2.150 name a folder
 * after the user whom a login names, right or wrong: `..` is the controller's own home there (SECURITY-897).
 */
export const loginName = z
  .string()
  .trim()
  .min(1, "must name a Jenkins user")
  .refine((name) => !name.includes(":"), "must not contain a colon: Basic credentials end the user there")
  .refine((name) => !/[\p{Cc}\p{Cs}]/u.test(name), "must not contain control characters")
  .refine((name) => !name.includes("/"), "must not contain a slash: older cores take it for a path")
  .refine(
    (name) => !name.split("\\").some((part) => part === "." || part === ".."),
    "must not be . or ..: older cores take it for a folder of their own",
  );

/** The names that Jenkins uses itself. It compares them as `equalsIgnoreCase` does, which folds letters beyond ASCII too. */
const RESERVED = /^(anonymous|system|unknown)$/iu;

/** Whether an id is none that a user of Jenkins can have, in whatever other way names are limited. */
export const isReservedId = (id: string) => RESERVED.test(id) || id === "." || id === "..";

/**
 * The id of a Jenkins user. What is refused here cannot be an id, or not on every core. What one core cannot hold beyond
 * that, it tells itself: see users.groovy.
 */
export const userId = loginName
  .refine((id) => !id.includes("\\"), "must not contain a backslash: older cores take it for a path")
  .refine((id) => !RESERVED.test(id), "is a name that Jenkins reserves: it saves no user of that name");

/** Adds what is wrong with an id of a user to the issues of a schema. */
export function refineUserId(id: string, path: PropertyKey[], context: z.RefinementCtx): void {
  for (const { message } of userId.safeParse(id).error?.issues ?? []) {
    context.addIssue({ code: "custom", path, message });
  }
}
