import path from "node:path";
import { NotPossibleError } from "../../errors";
import { beside, type Machine, type StoredFile } from "./machine";

/** What the copy of a file is called that was there before the first run of all. */
export const BEFORE = "before-pulumi";

/** One file of a configuration, as it is to be. */
export interface WantedFile {
  readonly path: string;
  /** Its text; nothing if it is to go, and what was there before it to come back. */
  readonly text?: string;
  /** Whether others may not read it. */
  readonly secret: boolean;
  /** Whether this stack put it there, so that no consent is needed. */
  readonly ours: boolean;
  /** Whether a configuration refers to it. One that goes stays until the server has reloaded. @default false */
  readonly isCompanion?: boolean;
  /** Set where it must differ from the file that it takes the place of. */
  readonly mode?: number | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
}

/** A file that differs from what is wanted. */
export interface Change {
  /** Where it is, once links are followed: a link of `sites-enabled` stays, and what it leads to changes. */
  readonly target: string;
  readonly now: StoredFile | undefined;
  /** Nothing if it is to go. */
  readonly next: StoredFile | undefined;
  /** Whether what is there was there before the first run, so that a copy stays, for deleting to put it back. */
  readonly kept: boolean;
  /** Whether the file is no longer wanted, so that what was there before it comes back, if anything. */
  readonly leaves: boolean;
  /** Whether a configuration refers to it. */
  readonly isCompanion: boolean;
}

/**
 * Looks which files differ from what is wanted.
 *
 * @param adopt whether files that this stack did not write may be replaced.
 * @throws NotPossibleError if there is such a file, and it may not.
 */
export async function changesIn(
  machine: Machine,
  { files, adopt }: { files: readonly WantedFile[]; adopt: boolean },
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const file of files) {
    const target = await machine.resolve(file.path);
    const [now, before] = [await machine.read(target), await machine.read(beside(target, BEFORE))];
    const next =
      file.text === undefined
        ? (before ?? (await remains(machine, file.path, now)))
        : asStored(file, file.text, now);
    if (now === next || (now && next && same(now, next) && !file.owner && !file.group)) continue;
    const foreign =
      now !== undefined && !isBlank(now) && !file.ours && !now.bytes.equals(next?.bytes ?? now.bytes);
    if (foreign && !adopt) {
      throw new NotPossibleError(
        `${file.path} is there already on ${machine.name}, and this stack did not make it. Set destination.adopt: true to replace it (a copy stays as ${beside(target, BEFORE)}, and deleting puts it back), or choose another path.`,
      );
    }
    changes.push({
      ...{ target, now, next, kept: foreign && !before, leaves: file.text === undefined },
      isCompanion: file.isCompanion ?? false,
    });
  }
  return changes;
}

/** A link that leads nowhere stops a server that includes it, and Caddy stops at a file of no bytes: a line is left. */
async function remains(
  machine: Machine,
  file: string,
  now: StoredFile | undefined,
): Promise<StoredFile | undefined> {
  const itself = path.posix.join(await machine.resolve(path.posix.dirname(file)), path.posix.basename(file));
  return now && itself !== (await machine.resolve(file)) ? { ...now, bytes: Buffer.from("\n") } : undefined;
}

function asStored(
  { secret, mode, owner, group }: WantedFile,
  text: string,
  now: StoredFile | undefined,
): StoredFile {
  const usual = now?.mode ?? (secret ? 0o600 : 0o644);
  return {
    bytes: Buffer.from(text),
    mode: mode ?? (secret ? usual & 0o640 : usual),
    owner: owner ?? now?.owner,
    group: group ?? now?.group,
  };
}

const isBlank = ({ bytes }: StoredFile) => bytes.toString("latin1").trim() === "";

/** Whether a file is as another one would be, as far as that is up to us. */
export const same = (now: StoredFile, next: StoredFile) =>
  now.bytes.equals(next.bytes) && now.mode === next.mode;
