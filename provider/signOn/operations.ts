/**
 * What the engine asks of a SignOn, step by step. The text of the provider that the state keeps only requires this
 * module, so that refresh and delete run what is installed, and not what was when the state was written.
 */
import "../supportedNode";
import { type CheckFailure, faultsIn, isUnknown, type Properties, reporting, say } from "../engine";
import * as proxyConfig from "../proxyConfig/operations";
import * as securityRealm from "../securityRealm/operations";
import { argumentsSchema, SECRET_ARGUMENTS } from "./arguments";
import { clashesOf, headersSentBy } from "./bridge";
import { change, withdraw } from "./change";
import { halvesOf, inputsIn } from "./halves";
import { announcement } from "./notice";

export { configure } from "../controller";

/** How both halves stand when all is well. It is an input, so that a refresh shows by name what it found instead. */
const WANTED = { status: { proxy: "installed", realm: "confirmed" }, differences: {} };

/** Finds faults in the arguments, before anything is touched. */
export async function check(
  olds: Properties | undefined,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const inputs = { ...news, ...WANTED };
  const failures = faultsIn(argumentsSchema, news, SECRET_ARGUMENTS);
  if (failures.length === 0 && !isUnknown(news)) {
    const [before, wanted] = [halvesOf(olds ?? {}), halvesOf(inputs)];
    for (const { value, why } of clashesOf(wanted.proxy, headersSentBy(before.proxy))) {
      failures.push({ property: `proxy.access.headers.${value}`, reason: why });
    }
    await proxyConfig.check({}, wanted.proxy);
    await securityRealm.check(before.realm, wanted.realm);
    if (before.proxy.server === undefined) say(`${subjectOf(news)}: ${announcement(wanted)}`);
  }
  return { inputs, failures };
}

/** Tells whether anything must be done: because other arguments were given, or because a half differs. */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }> {
  if (isUnknown(news)) return { changes: true };
  const [before, wanted] = [halvesOf(state), halvesOf(news)];
  return reporting(subjectOf(news), async () => {
    const proxy = await proxyConfig.diff(id, before.proxy, wanted.proxy);
    const realm = await securityRealm.diff(id, before.realm, wanted.realm);
    const replaces = [...(proxy.replaces ? ["proxy"] : []), ...(realm.replaces ? ["controller"] : [])];
    const changes = proxy.changes || realm.changes;
    if (changes) say(`${subjectOf(news)}: ${announcement(wanted, before, replaces.length > 0)}`);
    return { changes, ...(replaces.length > 0 && { replaces, deleteBeforeReplace: true }) };
  });
}

/** Sets both halves. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  const id = `signOn/${news.name}`;
  return { id, outs: await reporting(subjectOf(news), () => change(id, news, {})) };
}

/** Sets both halves anew. */
export async function update(id: string, state: Properties, news: Properties): Promise<{ outs: Properties }> {
  return { outs: await reporting(subjectOf(news), () => change(id, news, state)) };
}

/** Observes both halves. Files that are gone are drift, since the realm is still there. */
export async function read(
  id: string,
  state: Properties,
): Promise<{ id: string; props: Properties; inputs: Properties }> {
  const halves = halvesOf(state);
  return reporting(subjectOf(state), async () => {
    const proxy = await proxyConfig.read(id, halves.proxy);
    const realm = await securityRealm.read(id, halves.realm);
    const { className, differences, status } = realm.props;
    const found = { status: { proxy: proxy.props?.status ?? "missing", realm: status }, differences };
    return {
      id,
      props: { ...state, className, ...found },
      inputs: { ...inputsIn(state), ...found },
    };
  });
}

/** Puts back what was there before both. */
async function remove(id: string, state: Properties): Promise<void> {
  await reporting(subjectOf(state), () => withdraw(id, state));
}

export { remove as delete };

const subjectOf = ({ name }: Properties) => `Sign-on "${name}"`;
