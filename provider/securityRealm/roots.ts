import type { Controller } from "../controller";
import { NotPossibleError } from "../errors";
import { operationOf } from "./observation";
import type { Realm } from "./realm";
import type { SearchedDirectory } from "./referrals";

/** What a directory tells of its root, or why it does not. */
interface Told {
  readonly roots?: readonly string[];
  readonly silent?: true;
  readonly failure?: string;
}

const askForRoots = operationOf<
  { directories: readonly SearchedDirectory[]; seconds: number },
  Record<string, string>,
  readonly Told[]
>("beside", "directory", "roots");

/**
 * A realm with the roots of its directories, where the program leaves those to them: the plugins find none in OpenLDAP, and
 * then search below nothing. The controller asks, once, when the realm is set; what is compared later stays without.
 *
 * @throws NotPossibleError if a directory does not tell its root, or has several.
 */
export async function withRoots(controller: Controller, realm: Realm, seconds: number): Promise<Realm> {
  const unknown = realm.directories?.filter(({ rootDN }) => rootDN === null) ?? [];
  if (unknown.length === 0 || !realm.withRoots) return realm;
  const told = await controller.run(askForRoots, { directories: unknown, seconds }, { ...realm.secrets });
  const roots = unknown.map((directory, index) => [
    directory.argument,
    rootOf(controller, directory, told[index] ?? {}, seconds),
  ]);
  return realm.withRoots(Object.fromEntries(roots));
}

function rootOf(
  { url }: Controller,
  directory: SearchedDirectory,
  { roots = [], silent, failure }: Told,
  seconds: number,
): string {
  const [root] = roots;
  if (root !== undefined && roots.length === 1) return root;
  const what = silent
    ? `did not answer ${url} within ${seconds} s`
    : failure !== undefined
      ? `could not be asked from ${url}: ${failure}`
      : roots.length === 0
        ? "has no namingContexts that it shows to this manager"
        : `has several namingContexts: ${roots.join("; ")}`;
  throw new NotPossibleError(
    `${directory.argument} is left out, and the directory ${directory.url} ${what}. Set ${directory.argument} to the entry that users and groups are below. Nothing was changed.`,
  );
}
