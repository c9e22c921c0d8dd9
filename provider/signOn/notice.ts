import { isDeepStrictEqual } from "node:util";
import { headersSentBy, missingMeanwhile } from "./bridge";
import { type Halves, readsHeaders } from "./halves";

/** What users will notice of a change, in a sentence for the preview. */
export function announcement(wanted: Halves, before?: Halves, replaced = false): string {
  if (replaced) {
    return "both halves go back to what was there before them, and come anew on the other side. Meanwhile users log in as they did before; API tokens work throughout, where they got in before.";
  }
  if (before === undefined) {
    return readsHeaders(wanted)
      ? "first the proxy, then the realm. From the one to the other, for some seconds, users who log in through the proxy are anonymous. API tokens work throughout."
      : "first the proxy, then the realm. From then on users get in by the cookie alone.";
  }
  const [old, next] = [headersSentBy(before.proxy), headersSentBy(wanted.proxy)];
  if (old === undefined || next === undefined) {
    return "the realm changes to one that reads something else, so that users sign in once more. API tokens work on if the new realm takes them.";
  }
  const missing = missingMeanwhile(wanted.proxy, old);
  if (missing.length > 0) {
    return `users are without their ${missing.join(" and ")} for some seconds, which cannot be sent to both realms at once.`;
  }
  return isDeepStrictEqual(old, next)
    ? "users who are signed in notice nothing."
    : "headers are renamed. The proxy sends them under both names until the realm has changed: users who are signed in notice nothing.";
}
