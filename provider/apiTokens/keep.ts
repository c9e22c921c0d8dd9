import type { Arguments } from "../apiToken/arguments";
import type { HeldToken } from "../apiToken/heldToken";
import { revoke, set } from "../apiToken/keeping";
import type { Notice } from "../apiToken/notice";
import { type Properties, reporting, UnfinishedError } from "../engine";
import { ProviderError, SomeFailedError } from "../errors";
import { argumentsFor } from "./arguments";
import { postponeRevocation, revokeForeignTokens } from "./exclusive";
import { plan } from "./plan";
import { originIn, outputsOf } from "./state";
import { subjectOf, tellOf } from "./telling";

/**
 * Sets what is due.
 *
 * @param replaced the id of the map that this one replaces, if it does: that of `state`, which lets go of what is left in
 * it when the engine deletes it.
 */
export async function keep(
  id: string,
  news: Properties,
  state: Properties,
  replaced?: string,
): Promise<Properties> {
  return reporting(subjectOf(news), async () => {
    const { wanted, held, due, pending, leaving, renewed, old } = await plan(id, news, state);
    const failures = new Map<string, ProviderError>();
    const notices = new Map<string, Notice>();
    await Promise.all(
      [...due.keys(), ...pending.keys()].map(async (user) => {
        const before = held.get(user);
        const isReplaced = before !== undefined && replaced !== undefined && renewed.has(user);
        const { held: token, failure } = await set(
          id,
          wanted.get(user) as Arguments,
          isReplaced ? undefined : before,
          (notice) => notices.set(user, notice),
          isReplaced ? { id: replaced, replaced: before } : originIn(state),
          old.has(user),
        );
        if (token) held.set(user, token);
        if (failure) failures.set(user, failure);
        // A user who was created for a token that failed is gone again.
        if (!token) notices.delete(user);
      }),
    );
    tellOf(notices, news);
    // Users who leave the map go last, when every other resource that wants their tokens has had the time to claim them.
    if (replaced !== undefined) for (const user of leaving) held.delete(user);
    else for (const [user, failure] of await revokeAll(id, state, held, leaving)) failures.set(user, failure);
    const working = { wanted: new Map([...wanted].filter(([user]) => !failures.has(user))), held };
    if (replaced !== undefined) postponeRevocation(replaced, news, working);
    else for (const [user, failure] of await revokeForeignTokens(news, working)) failures.set(user, failure);
    const outs = outputsOf(news, held);
    if (failures.size === 0) return outs;
    outs.drift = Object.fromEntries([...failures].map(([user, { message }]) => [user, `failed: ${message}`]));
    const failure = new SomeFailedError(failures, wanted.size + leaving.length);
    throw held.size > 0 ? new UnfinishedError(failure, id, outs) : failure;
  });
}

/**
 * Revokes the tokens of some users, takes them out of those that are held, and answers what failed.
 *
 * @param left takes the users whose token stays, because this run logs in with it.
 */
export async function revokeAll(
  id: string,
  state: Properties,
  held: Map<string, HeldToken>,
  users: readonly string[],
  left = new Set<string>(),
): Promise<Map<string, ProviderError>> {
  const failures = new Map<string, ProviderError>();
  await Promise.all(
    users.map(async (user) => {
      const token = held.get(user) as HeldToken;
      try {
        const needed = await revoke(id, argumentsFor(user, state, token), token);
        if (needed.length > 0) left.add(user);
        held.delete(user);
      } catch (failure) {
        if (!(failure instanceof ProviderError)) throw failure;
        failures.set(user, failure);
      }
    }),
  );
  return failures;
}
