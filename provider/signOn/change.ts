/**
 * The order in which both halves of a sign-on change, so that at every moment what serves is a pair that goes together:
 *
 * 1. What cannot be set or confirmed is refused, before anything is touched.
 * 2. The proxy takes up the new configuration. Where the realm in force reads other headers, that is a bridge: it sends
 *    each under both names, and removes both from clients.
 * 3. The realm is tried, confirmed through this proxy, and kept.
 * 4. After a bridge, the proxy takes up the configuration without the old names, and the realm is confirmed once more.
 *
 * The way back is the same: first the realm, then the proxy. A run that is killed leaves a bridge at worst; the next one
 * asks the controller which headers its realm reads, and goes on from there.
 */
import { type Properties, say, UnfinishedError } from "../engine";
import { NotPossibleError, NotVerifiedError, ProviderError } from "../errors";
import * as proxyConfig from "../proxyConfig/operations";
import * as securityRealm from "../securityRealm/operations";
import { type HeadersRead, headersReadByXml } from "../securityRealm/realms/reverseProxy";
import { bridgeFor, clashesOf, satisfies, sentByBridge } from "./bridge";
import { type Halves, halvesOf, inputsIn, readsHeaders, stateOf } from "./halves";

/** What each half is known to be, as a change goes on. */
type Reached = { -readonly [Half in keyof Halves]: Halves[Half] };

/**
 * Makes both halves be as wanted.
 *
 * @param id the resource, as another one that takes over a half meets it.
 * @returns the state.
 * @throws UnfinishedError if it failed and could not go back; any other error left what was there before.
 */
export async function change(id: string, news: Properties, state: Properties): Promise<Properties> {
  const [before, wanted] = [halvesOf(state), halvesOf(news)];
  const reached: Reached = { ...before };
  const { read } = await securityRealm.foreseeChange(wanted.realm);
  for (const { why } of clashesOf(wanted.proxy, read)) {
    throw new NotPossibleError(`The new configuration ${why}. Nothing was changed.`);
  }
  try {
    await forward(id, reached, wanted, read);
  } catch (failure) {
    if (!(failure instanceof ProviderError)) throw failure;
    throw await undone(id, news, state, { before, reached, failure });
  }
  return stateOf(news, reached);
}

/** Puts back what was there before both. */
export async function withdraw(id: string, state: Properties): Promise<void> {
  await takeOut(id, { ...halvesOf(state) });
}

async function forward(
  id: string,
  reached: Reached,
  wanted: Halves,
  read: HeadersRead | undefined,
): Promise<void> {
  const bridge = bridgeFor(wanted.proxy, read);
  if (bridge) say(`Sign-on "${wanted.proxy.name}": ${sentByBridge(bridge)}, until the realm has changed.`);
  // The proxy of a realm that reads no headers need not remove them: they must have lost their meaning before.
  if (read !== undefined && !readsHeaders(wanted)) await set(id, reached, "realm", wanted);
  await set(id, reached, "proxy", bridge ? { ...wanted, proxy: bridge } : wanted);
  await set(id, reached, "realm", wanted);
  if (bridge === undefined) return;
  await set(id, reached, "proxy", wanted);
  await set(id, reached, "realm", wanted);
}

const operations = { proxy: proxyConfig, realm: securityRealm };

async function set(id: string, reached: Reached, half: keyof Halves, wanted: Halves): Promise<void> {
  try {
    reached[half] = (await operations[half].update(id, reached[half], wanted[half])).outs;
  } catch (failure) {
    if (failure instanceof UnfinishedError) reached[half] = failure.properties;
    throw failure;
  }
}

interface Failed {
  readonly before: Halves;
  readonly reached: Reached;
  readonly failure: ProviderError;
}

/** After a failure: the old realm and then the old configuration serve again, or else the state tells what serves. */
async function undone(
  id: string,
  news: Properties,
  state: Properties,
  { before, reached, failure }: Failed,
): Promise<ProviderError> {
  const proxyChanged = reached.proxy !== before.proxy;
  try {
    const changed = { proxy: proxyChanged, realm: reached.realm !== before.realm };
    if (state.proxy === undefined) await takeOut(id, reached);
    else if (changed.proxy || changed.realm) await goBack(id, halvesOf(inputsIn(state)), reached, changed);
    const words = proxyChanged
      ? "The proxy serves again what it served before this run."
      : "The proxy serves what it served before this run.";
    return new NotVerifiedError(`${failure.message}\n${words}`, { cause: failure });
  } catch (second) {
    if (!(second instanceof ProviderError)) throw second;
    const bridge = sentByBridge(reached.proxy);
    const serves =
      bridge && bridge !== sentByBridge(halvesOf(news).proxy)
        ? ` Meanwhile ${bridge}, so that users get in under the old realm and the new one.`
        : "";
    return new UnfinishedError(
      new NotVerifiedError(
        `${failure.message}\nGoing back failed too: ${second.message}\nThe next run takes it up from there.${serves}`,
        { cause: failure },
      ),
      id,
      stateOf(news, reached),
    );
  }
}

/** Goes back to what an earlier run set. */
async function goBack(
  id: string,
  old: Halves,
  reached: Reached,
  changed: { readonly proxy: boolean; readonly realm: boolean },
): Promise<void> {
  const { read, differs } = await securityRealm.foreseeChange(old.realm);
  if (differs && (changed.realm || !satisfies(old.proxy, read))) return forward(id, reached, old, read);
  if (changed.proxy) await set(id, reached, "proxy", old);
}

/** Goes back to what was there before the first run. */
async function takeOut(id: string, reached: Reached): Promise<void> {
  const previous = typeof reached.realm.previous === "string" ? reached.realm.previous : "";
  const read = headersReadByXml(previous);
  const restored = async () => {
    if (previous !== "") await securityRealm.delete(id, reached.realm);
  };
  if (read !== undefined && !readsHeaders(reached)) {
    await proxyConfig.delete(id, reached.proxy);
    return restored();
  }
  const bridge = bridgeFor(reached.proxy, read);
  if (bridge && !securityRealm.isTakenOver(id, reached.realm)) {
    await set(id, reached, "proxy", { ...reached, proxy: bridge });
  }
  await restored();
  if (reached.proxy.server !== undefined) await proxyConfig.delete(id, reached.proxy);
}
