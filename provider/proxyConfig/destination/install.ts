/**
 * Puts files in the place of others, so that at every moment either all of the old ones or all of the new ones can be
 * had again. What is on the disk, step by step:
 *
 * 1. `.NAME.pulumi-new` beside each file that changes, and `.NAME.pulumi-old`, a copy of what it takes the place of.
 *    A disk that is full is full here, where nothing has changed yet.
 * 2. `.NAME.pulumi-undo` beside the configuration: which files are about to change, and which were not there before.
 *    As long as it stands, a run is under way or was killed, and the next one first puts the old files back.
 * 3. The new files in place, each by one rename. The server is told, and asked from outside.
 * 4. The undo list goes, then the copies. A failure instead renames the copies back, for which no disk is too full.
 *
 * What was there before the first run of all stays beside as `.NAME.before-pulumi`, and deleting puts it back.
 */
import { say } from "../../engine";
import { NotPossibleError, ProviderError } from "../../errors";
import { BEFORE, type Change, changesIn, same, type WantedFile } from "./changes";
import { type Commands, looksAhead, NotReloadedError, reload, validate } from "./commands";
import { beside, type Machine, type StoredFile } from "./machine";
import { inTurn } from "./turns";

/** Asks a proxy from outside, once it is told about its new configuration. */
export interface Proof {
  /** Called before the server is reloaded; answers what waits until the new configuration serves, and then asks it. */
  begin(): Promise<() => Promise<void>>;
}

/** What is to be done on a machine. */
export interface Installation {
  /** The path of the configuration itself, beside which the undo list goes. */
  readonly path: string;
  readonly files: readonly WantedFile[];
  readonly commands: Commands;
  readonly proof?: Proof | undefined;
  /** How the configuration that was there is asked, after it was put back. @default not at all */
  readonly formerProof?: Proof | undefined;
  /** Waits until what served before is gone, where a configuration goes and nothing is to be asked. @default no wait */
  readonly departure?: Proof | undefined;
  /** Whether files that this stack did not write may be replaced. */
  readonly adopt: boolean;
  /** What must be in no message. */
  readonly secrets: readonly string[];
}

/** The change failed, and so did undoing it: the next run must take it up. */
export class HalfInstalledError extends ProviderError {}

/**
 * Makes the files on a machine be as wanted: looks, has the server's parser check what differs, puts it in place, has
 * the server take it up, and asks it from outside. If a step fails, what was there is put back, and serves.
 *
 * @throws HalfInstalledError if neither the change nor putting it back went through; any other error left nothing behind.
 */
export function install(machine: Machine, wanted: Installation): Promise<void> {
  // Two at a time would blame each other: a server's parser looks at all of its files.
  return inTurn(machine, async () => {
    const main = await machine.resolve(wanted.path);
    const undoList = beside(main, "pulumi-undo");
    await recover(machine, undoList);
    const changes = await changesIn(machine, wanted);
    await prepare(machine, undoList, changes);
    let told = false;
    try {
      const newcomers = changes.filter(({ target, now }) => now === undefined && target !== main);
      await swap(machine, newcomers);
      if (looksAhead(wanted.commands)) await check(machine, wanted, changes, main);
      const successors = changes.filter((change) => !newcomers.includes(change));
      await untouched(machine, successors);
      // The old configuration serves until the reload, and reads the lists of passwords and groups for each request.
      const leavers = successors.filter(({ next, isCompanion }) => next === undefined && isCompanion);
      await swap(
        machine,
        successors.filter((change) => !leavers.includes(change)),
      );
      if (!looksAhead(wanted.commands)) await check(machine, wanted, changes, main);
      const proven = await (wanted.proof ?? wanted.departure)?.begin();
      told = true;
      await takeUp(machine, wanted);
      await proven?.();
      await swap(machine, leavers);
    } catch (failure) {
      throw await undone(machine, undoList, changes, { failure, told, wanted, main });
    }
    await forget(machine, undoList, changes);
  });
}

/** Whether a run was killed in the middle, so that it is not known what the server runs with. */
export async function isUnfinished(machine: Machine, path: string): Promise<boolean> {
  return (await machine.read(beside(await machine.resolve(path), "pulumi-undo"))) !== undefined;
}

const NEW = "pulumi-new";
const OLD = "pulumi-old";

/** Writes what is needed for going on, and for going back. No server reads any of it yet. */
async function prepare(machine: Machine, undoList: string, changes: Change[]): Promise<void> {
  const written: string[] = [];
  const write = async (path: string, file: StoredFile) => {
    written.push(path);
    await machine.write(path, file);
  };
  try {
    for (const { target, now, next, kept } of changes) {
      if (next) await write(beside(target, NEW), next);
      // A run that was killed here can have left one, which would be taken for what is not in place yet.
      else await machine.remove(beside(target, NEW));
      if (now) await write(beside(target, OLD), now);
      if (now && kept) await write(beside(target, BEFORE), now);
    }
    await write(undoList, { bytes: Buffer.from(JSON.stringify(changes.map(undoOf))), mode: 0o600 });
  } catch (failure) {
    for (const path of written.reverse()) await machine.remove(path).catch(() => undefined);
    throw failure;
  }
}

/** Has the parser look at the new configuration: beside the old one if it can, else in its place. */
async function check(machine: Machine, wanted: Installation, changes: Change[], main: string): Promise<void> {
  const change = changes.find(({ target }) => target === main);
  const ahead = looksAhead(wanted.commands);
  // A whole configuration that goes leaves nothing to look at.
  if (ahead && change?.leaves) return;
  const file = ahead && change ? beside(main, NEW) : main;
  await validate(machine, wanted.commands, file, wanted.secrets);
}

/** An administrator who edits a file while its new text is checked would lose what they wrote. */
async function untouched(machine: Machine, changes: Change[]): Promise<void> {
  for (const { target, now } of changes) {
    const found = await machine.read(target);
    if (found === now || (found && now && same(found, now))) continue;
    throw new NotPossibleError(
      `${target} was changed on ${machine.name} by an administrator or a program while its new text was checked. Look at what they did, and run again.`,
    );
  }
}

/** A server that is not there any more is no reason to keep its configuration for ever. */
async function takeUp(machine: Machine, { path, files, commands, secrets }: Installation): Promise<void> {
  const leaves = files.every(({ text }) => text === undefined);
  await reload(machine, commands, secrets).catch((failure: ProviderError) => {
    if (!leaves) throw failure;
    say(`${path} is taken out on ${machine.name}. ${failure.message}`);
  });
}

/** Companions go first: a configuration is never in place without what it refers to. */
async function swap(machine: Machine, changes: Change[]): Promise<void> {
  for (const { target, next } of [...changes].reverse()) {
    if (next) await machine.rename(beside(target, NEW), target);
    else await machine.remove(target);
  }
}

/** What the undo list says of a file. */
interface Undo {
  readonly target: string;
  readonly wasThere: boolean;
  readonly kept: boolean;
}

const undoOf = ({ target, now, kept }: Change): Undo => ({ target, wasThere: now !== undefined, kept });

/** Puts the old files back if a run was killed. What the server runs with is unknown then, until it is reloaded. */
async function recover(machine: Machine, undoList: string): Promise<void> {
  const left = await machine.read(undoList);
  if (!left) return;
  say(
    `A run was broken off while it changed ${undoList.replace(/\.([^/]+)\.pulumi-undo$/, "$1")} on ${machine.name}. What was there is put back first.`,
  );
  await putBack(machine, JSON.parse(left.bytes.toString("utf8")) as Undo[]);
  await machine.remove(undoList);
}

async function putBack(machine: Machine, list: readonly Undo[]): Promise<void> {
  for (const { target, wasThere, kept } of list) {
    // What is not in place yet took the place of nothing, and an administrator may have edited what is there.
    if (await machine.read(beside(target, NEW))) {
      await machine.remove(beside(target, OLD));
      await machine.remove(beside(target, NEW));
    } else if (!wasThere) await machine.remove(target);
    // It is not there if an earlier attempt came this far.
    else if (await machine.read(beside(target, OLD))) await machine.rename(beside(target, OLD), target);
    if (kept) await machine.remove(beside(target, BEFORE));
  }
}

interface Failed {
  readonly failure: unknown;
  /** Whether the server was told about the new files. */
  readonly told: boolean;
  readonly wanted: Installation;
  /** The configuration itself. */
  readonly main: string;
}

/** Puts back what was there, has the server take it up if it knows of the change, and says so in the error. */
async function undone(
  machine: Machine,
  undoList: string,
  changes: Change[],
  { failure, told, wanted, main }: Failed,
): Promise<unknown> {
  const { commands, secrets, formerProof, departure } = wanted;
  try {
    // A server that was told reads what its configuration refers to until it has reloaded once more.
    const companions = changes.filter(({ target, now }) => told && now === undefined && target !== main);
    const others = changes.filter((change) => !companions.includes(change));
    await putBack(machine, others.map(undoOf));
    if (told) {
      const proven = await (formerProof ?? departure)?.begin();
      await reload(machine, commands, secrets).then(proven, (second) => {
        // Nor did it take up the change, so that it goes on with what it had.
        if (!(failure instanceof NotReloadedError)) throw second;
      });
      await putBack(machine, companions.map(undoOf));
    }
    await machine.remove(undoList);
  } catch (second) {
    return new HalfInstalledError(
      `${(failure as Error).message}\nPutting back what was there failed too: ${(second as Error).message}\nThe next run takes it up from there.`,
    );
  }
  if (failure instanceof ProviderError) failure.message += outcomeOf(changes);
  return failure;
}

function outcomeOf(changes: Change[]): string {
  if (changes.length === 0) return "\nNothing had been changed.";
  return changes.some(({ now }) => now)
    ? "\nWhat was there before is back in its place."
    : "\nNothing was left behind.";
}

async function forget(machine: Machine, undoList: string, changes: Change[]): Promise<void> {
  await machine.remove(undoList);
  for (const { target, leaves } of changes) {
    await machine.remove(beside(target, OLD));
    if (leaves) await machine.remove(beside(target, BEFORE));
  }
}
