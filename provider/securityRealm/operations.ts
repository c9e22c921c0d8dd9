/**
 * What the engine asks of a SecurityRealm, step by step. The text of the provider that the state keeps only requires
 * this module, so that refresh and delete run what is installed, and not what was when the state was written.
 */
import "../supportedNode";
import { isDeepStrictEqual } from "node:util";
import { type Controller, controllerArgument, controllerOf } from "../controller";
import {
  type CheckFailure,
  faultsIn,
  isUnknown,
  type Properties,
  reporting,
  say,
  UnfinishedError,
} from "../engine";
import { NotPossibleError, ProviderError, retold } from "../errors";
import { hold, isHeldByAnother, letGo } from "../holders";
import { type Arguments, argumentsOf, argumentsSchema, inputsIn, knownRealmOf, realmOf } from "./arguments";
import { outside } from "./confirmation";
import { UnconfirmedError } from "./ending";
import { beingTried, observeRealm } from "./observation";
import { shortcomings } from "./preflight";
import { type Difference, differences, unsupportedOf } from "./realm";
import { type HeadersRead, headersReadBy } from "./realms/reverseProxy";
import { foresee, reconcile, restore } from "./reconcile";
import { wayIn } from "./wayIn";

export { configure } from "../controller";

/** How a realm stands. The property `status` of a SecurityRealm shows it. */
type Status = "confirmed" | "not confirmed" | "changed" | "another realm";

/** A controller has one realm. */
const ID = "securityRealm";

/** Finds faults in the arguments, before anything is touched. */
export async function check(
  olds: Properties | undefined,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const failures = faultsIn(argumentsSchema, news, ["realm", "confirm", "controller"]);
  if (failures.length === 0 && !isUnknown(news.controller)) await tellOfPlugin(olds ?? {}, news);
  // What the status ought to be is an input, so that a refresh shows by name what it found instead.
  const status: Status = "confirmed";
  return { inputs: { ...news, status, differences: {} }, failures };
}

/** Tells whether anything must be done: because other arguments were given, or because the controller differs. */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[] }> {
  if (whose(state.controller) !== whose(news.controller)) return { changes: true, replaces: ["controller"] };
  if (isUnknown(news)) return { changes: true };
  const args = argumentsOf(news);
  hold(id, realmAt(controllerOf(args.controller)));
  if (!isDeepStrictEqual(argued(state), argued(news))) return { changes: true };
  const { found, pending } = await guarded(args, (controller) => observe(controller, args, state));
  return { changes: found.length + pending.length > 0 || state.status !== "confirmed" };
}

/** Sets the realm, and remembers the one that was there before. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  return { id: ID, outs: await set(ID, news, {}) };
}

/** The realm in force, before a change of it and of the proxy in front. */
export interface Foreseen {
  /** The headers in which it reads who a user is; nothing if it is of another kind. */
  readonly read: HeadersRead | undefined;
  /** Whether it is not the one that is wanted. */
  readonly differs: boolean;
}

/**
 * Looks ahead of a change, and touches nothing.
 *
 * @throws ProviderError if the change cannot be made or confirmed.
 */
export async function foreseeChange(news: Properties): Promise<Foreseen> {
  const args = argumentsOf(news);
  return guarded(args, async (controller) => {
    const { inForce, differs } = await foresee(controller, realmOf(args), mannerOf(args));
    return { read: headersReadBy(inForce), differs };
  });
}

/** Whether another resource of the program has set the realm in this run, so that a delete leaves it alone. */
export function isTakenOver(id: string, state: Properties): boolean {
  return isHeldByAnother(id, realmAt(controllerOf(argumentsOf(inputsIn(state)).controller)));
}

/** Sets the realm anew if it differs, and confirms it in any case. */
export async function update(id: string, state: Properties, news: Properties): Promise<{ outs: Properties }> {
  return { outs: await set(id, news, state) };
}

/** Looks how the realm stands. A controller that cannot be reached is an error. */
export async function read(
  id: string,
  state: Properties,
): Promise<{ id: string; props: Properties; inputs: Properties }> {
  const args = argumentsOf(inputsIn(state));
  return guarded(args, async (controller) => {
    const { className, found } = await observe(controller, args, state);
    const asBefore = state.status === "not confirmed" ? "not confirmed" : "confirmed";
    const status: Status =
      found.length === 0 ? asBefore : found[0]?.argument === "type" ? "another realm" : "changed";
    const named = Object.fromEntries(found.map(({ argument, words }) => [argument, words]));
    const seen = { status, differences: named };
    return { id, props: { ...state, className, ...seen }, inputs: { ...inputsIn(state), ...seen } };
  });
}

/** Puts back the realm that was there before. */
async function putBack(id: string, state: Properties): Promise<void> {
  const args = argumentsOf(inputsIn(state));
  const { previous } = state;
  await guarded(args, async (controller) => {
    if (letGo(id, realmAt(controller))) {
      say(
        `${subjectOf(args)} on ${controller.url}: another resource of the program has taken it over, so that it stays.`,
      );
    } else if (typeof previous !== "string" || previous === "") {
      say(`${subjectOf(args)}: what was there before is not known, so that the realm stays as it is.`);
    } else {
      const manner = mannerOf(args);
      manner.overrideConfigurationAsCode ||= state.overrodeConfigurationAsCode === true;
      await restore(controller, realmOf(args).described.class, previous, manner);
    }
  });
}

export { putBack as delete };

async function set(id: string, news: Properties, state: Properties): Promise<Properties> {
  const args = argumentsOf(news);
  const realm = realmOf(args);
  const outs = (previous: string, status: Status, more: Properties = {}): Properties => ({
    ...news,
    className: realm.described.class,
    // The realm from before the first change of this resource's is the one to go back to.
    previous: state.previous || previous,
    status,
    differences: {},
    // What was allowed when the realm was set holds for the way back, though the program may say it no more.
    ...((args.overrideConfigurationAsCode || state.overrodeConfigurationAsCode === true) && {
      overrodeConfigurationAsCode: true,
    }),
    ...more,
  });
  return guarded(args, async (controller) => {
    hold(id, realmAt(controller));
    try {
      const { previous, takes } = await reconcile(controller, realm, mannerOf(args));
      return outs(previous, "confirmed", { unsupported: unsupportedOf(realm, takes) });
    } catch (error) {
      if (!(error instanceof UnconfirmedError)) throw error;
      // After a change that was undone, what an earlier run set is what there is to go back from.
      const stands = error.undone && state.className !== undefined;
      const left = stands
        ? { ...state, status: "not confirmed" }
        : outs(error.previous ?? "", "not confirmed");
      throw new UnfinishedError(error, id, left);
    }
  });
}

async function observe(
  controller: Controller,
  args: Arguments,
  { unsupported }: Properties,
): Promise<{ className: string; found: Difference[]; pending: Difference[] }> {
  const realm = realmOf(args);
  const observation = await observeRealm(
    controller,
    realm.accounts.map(({ user }) => user),
  );
  const all = differences(realm, observation.realm, observation.missingAccounts);
  // States from before this was recorded do not tell what the plugin lacked then.
  const lacked = (argument: string) => !Array.isArray(unsupported) || unsupported.includes(argument);
  const isPending = ({ argument, mayBeNew }: Difference) => mayBeNew === true && lacked(argument);
  const found = all.filter((difference) => !isPending(difference));
  const pending = all.filter(isPending);
  for (const { argument, words } of found) {
    say(
      `${subjectOf(args)} on ${controller.url}: ${argument === "type" ? "" : `${argument}: `}${words}. \`pulumi up\` puts it right.`,
    );
  }
  if (pending.length > 0) {
    say(
      `${subjectOf(args)} on ${controller.url}: pending: the plugin has a setting for ${pending.map(({ argument }) => argument).join(" and ")}, which its version of before did not have. \`pulumi up\` sets it.`,
    );
  }
  if (observation.secondsLeft !== null) {
    say(
      `${beingTried(controller.url, observation.secondsLeft)} What is compared is the realm from before it.`,
    );
  }
  return { className: observation.realm.class, found, pending };
}

/**
 * Says already at preview that a plugin is missing, or too old for what is asked for. It is no error there: another part
 * of the program may install it.
 */
async function tellOfPlugin(olds: Properties, news: Properties): Promise<void> {
  const realm = knownRealmOf(news);
  if (!realm?.plugin || isDeepStrictEqual(olds.realm, news.realm)) return;
  try {
    const controller = controllerOf(controllerArgument.parse(news.controller));
    const ask = outside(controller, Date.now() + 5000);
    for (const words of await ask({}, (fresh) => shortcomings(fresh, realm))) {
      say(`${subjectOf({ realm })} on ${controller.url}: warning: ${words}`);
    }
  } catch (error) {
    if (error instanceof NotPossibleError)
      say(`${subjectOf({ realm })}: as things are, it cannot be set. ${error.message}`);
    else if (!(error instanceof ProviderError)) throw error;
  }
}

/** Every error of a realm ends with the way in by hand. */
async function guarded<T>(args: Arguments, step: (controller: Controller) => Promise<T>): Promise<T> {
  return reporting(subjectOf(args), async () => {
    const controller = controllerOf(args.controller);
    try {
      return await step(controller);
    } catch (error) {
      throw error instanceof ProviderError
        ? retold(error, `${error.message}\n${wayIn(controller.url)}`)
        : error;
    }
  });
}

/** A controller's realm, as what one resource of a program manages. */
const realmAt = ({ url }: Controller) => `${url}#securityRealm`;

function mannerOf({ confirm, overrideConfigurationAsCode }: Arguments) {
  return { ...confirm, overrideConfigurationAsCode };
}

/** What the program itself gave. */
function argued(properties: Properties): Properties {
  const { status, differences, ...given } = inputsIn(properties);
  return given;
}

const subjectOf = ({ realm }: { readonly realm: { readonly type: string } }) =>
  `Security realm (${realm.type})`;

/** A controller by its name or URL: its credentials can change without its being another one. */
const whose = (value: unknown): unknown =>
  value !== null && typeof value === "object" ? (value as { url?: unknown }).url : value;
