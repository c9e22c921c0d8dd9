/**
 * What the engine asks of a ProxyConfig, step by step. The text of the provider that the state keeps only requires this
 * module, so that refresh and delete run what is installed, and not what was when the state was written.
 */
import "../supportedNode";
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  type CheckFailure,
  faultsIn,
  isUnknown,
  type Properties,
  reporting,
  say,
  UnfinishedError,
} from "../engine";
import { hold, letGo } from "../holders";
import { adviceOn, adviceOnRename } from "./advice";
import { argumentsSchema } from "./checks";
import type { WantedFile } from "./destination/changes";
import { commandsFor } from "./destination/commands";
import { type FilesObservation, observeFiles, type Status } from "./destination/drift";
import { HalfInstalledError, type Installation, install, type Proof } from "./destination/install";
import { machineOf } from "./destination/machines";
import { nameServiceFor } from "./destination/nameServers";
import { readersOf } from "./destination/readers";
import { departureOf, proofOf } from "./probe/proof";
import type { Arguments } from "./schema/arguments";
import type { Destination } from "./schema/destination";
import { frontOf } from "./servers/front";
import { type Rendering, render } from "./servers/rendering";

export { configure } from "../controller";

/** Finds faults in the arguments, before anything is touched. */
export async function check(
  olds: Properties | undefined,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  // What the status ought to be is an input, so that a refresh shows by name what it found instead.
  const status: Status = news.destination === undefined ? "rendered" : "installed";
  const { data: args } = argumentsSchema.safeParse(givenIn(news));
  const before = argumentsSchema.safeParse(givenIn(olds ?? {})).data;
  const advice = args ? [...adviceOn(args), ...(before ? adviceOnRename(before, args) : [])] : [];
  for (const words of advice) say(`${subjectOf(news)}: ${words}`);
  return {
    inputs: { ...news, status, ...headersOf(args) },
    failures: faultsIn(argumentsSchema, givenIn(news), ["access", "probe"]),
  };
}

/** Tells whether anything must be done: because other arguments were given, or because the machine differs. */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }> {
  if (isUnknown(news)) return { changes: true };
  const [before, args] = [argumentsIn(state), argumentsOf(news)];
  if (args.destination) hold(id, fileOn(args.destination));
  // The new server could not listen where the old one still does.
  if (args.server !== before.server) {
    return { changes: true, replaces: ["server"], deleteBeforeReplace: true };
  }
  if (before.destination && args.destination && !isDeepStrictEqual(whereIs(before), whereIs(args))) {
    return { changes: true, replaces: ["destination"] };
  }
  if (!isDeepStrictEqual(before, args) || state.status !== statusWanted(args)) return { changes: true };
  return reporting(subjectOf(args), async () => {
    const rendering = render(frontOf(args, await nameServiceFor(args)));
    if (!isDeepStrictEqual(filesOf(args, rendering), state.files) || rendering.content !== state.content) {
      return { changes: true };
    }
    return { changes: (await observe(args, state)) !== state.status };
  });
}

/** Renders the configuration and, with a destination, puts it in place, and proves that it does what it is there for. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  const args = argumentsOf(news);
  const id = `${args.server}/${args.name}`;
  return { id, outs: await set(id, news, args, {}) };
}

/** Puts right what differs. If the new configuration does not prove right, the old one is put back. */
export async function update(id: string, state: Properties, news: Properties): Promise<{ outs: Properties }> {
  return { outs: await set(id, news, argumentsOf(news), state) };
}

/** Looks how the files stand. Without the configuration it is gone; a machine that cannot be reached is an error. */
export async function read(
  id: string,
  state: Properties,
): Promise<{ id?: string; props?: Properties; inputs?: Properties }> {
  const args = argumentsIn(state);
  return reporting(subjectOf(args), async () => {
    const status = await observe(args, state);
    if (status === "missing") return {};
    return { id, props: { ...state, status }, inputs: { ...givenIn(state), status, ...headersOf(args) } };
  });
}

/** Takes the files out, puts back what was there before, and has the server take that up. */
async function remove(id: string, state: Properties): Promise<void> {
  const args = argumentsIn(state);
  const { destination } = args;
  if (!destination) return;
  if (letGo(id, fileOn(destination))) {
    say(
      `${subjectOf(args)} on ${machineOf(destination).name}: another resource of the program has taken it over, so that it stays.`,
    );
    return;
  }
  await reporting(subjectOf(args), () =>
    install(machineOf(destination), {
      path: destination.path,
      files: Object.keys(filesIn(state)).map((path) => leaving(path, path !== args.destination?.path)),
      commands: commandsFor(args.server, destination),
      departure: departureFor(args),
      adopt: false,
      secrets: secretsIn(args),
    }),
  );
}

export { remove as delete };

async function set(id: string, news: Properties, args: Arguments, state: Properties): Promise<Properties> {
  const names = await reporting(subjectOf(args), () => nameServiceFor(args));
  const rendering = render(frontOf(args, names));
  const files = filesOf(args, rendering);
  const outs = (status: Status): Properties => ({
    ...news,
    content: rendering.content,
    contentHash: createHash("sha256").update(rendering.content).digest("hex"),
    // What could not be taken out is still to be taken out.
    files: status === "unfinished" ? { ...filesIn(state), ...files } : files,
    ...(rendering.headers && { headers: rendering.headers }),
    status,
  });
  const destination = args.destination ?? argumentsIfAny(state)?.destination;
  if (!destination) return outs("rendered");
  return reporting(subjectOf(args), async () => {
    try {
      hold(id, fileOn(destination));
      await install(machineOf(destination), await installation(args, rendering, destination, state));
      return outs(statusWanted(args));
    } catch (error) {
      if (error instanceof HalfInstalledError) throw new UnfinishedError(error, id, outs("unfinished"));
      throw error;
    }
  });
}

async function installation(
  args: Arguments,
  rendering: Rendering,
  destination: Destination,
  state: Properties,
): Promise<Installation> {
  const known = filesIn(state);
  const wanted = filesOf(args, rendering);
  const before = argumentsIfAny(state);
  return {
    path: destination.path,
    files: [
      ...(await wantedFiles(args, rendering, known)),
      ...Object.keys(known)
        .filter((path) => args.destination === undefined || !(path in wanted))
        .map((path) => leaving(path, path !== before?.destination?.path)),
    ],
    commands: commandsFor(args.server, destination),
    proof: proofFor(args),
    formerProof: before && proofFor(before),
    departure: departureFor(args),
    adopt: destination.adopt,
    secrets: [...secretsIn(args), ...(before ? secretsIn(before) : [])],
  };
}

async function wantedFiles(
  { server, destination }: Arguments,
  { content, companions }: Rendering,
  known: Readonly<Record<string, string>>,
): Promise<WantedFile[]> {
  if (!destination) return [];
  const { path, owner } = destination;
  const mode = destination.mode === undefined ? undefined : Number.parseInt(destination.mode, 8);
  // The hash of a password is in the configuration where the server takes no list of them.
  const secret = /\$2[aby]\$/.test(content);
  const holdsSecrets = secret || companions.length > 0;
  const readers =
    destination.group ??
    (holdsSecrets
      ? await readersOf(machineOf(destination), server, commandsFor(server, destination))
      : undefined);
  const hidden = { secret: true, group: readers, mode: readers === undefined ? 0o600 : 0o640 };
  const file = (at: string, text: string) => ({ path: at, text, owner, ours: at in known });
  return [
    secret
      ? { ...file(path, content), ...hidden, ...(mode !== undefined && { mode }) }
      : { ...file(path, content), secret, group: destination.group, mode },
    ...companions.map((companion) => ({ ...file(companion.path, companion.content), ...hidden })),
  ];
}

const leaving = (path: string, isCompanion: boolean): WantedFile => ({
  ...{ path, secret: false, ours: true, isCompanion },
});

function proofFor(args: Arguments): Proof | undefined {
  const { destination, probe } = args;
  return destination && probe ? proofOf(frontOf(args), probe, destination.ssh?.host) : undefined;
}

function departureFor(args: Arguments): Proof | undefined {
  const { destination, probe } = args;
  return destination && probe ? departureOf(frontOf(args), probe, destination.ssh?.host) : undefined;
}

/** Looks at the machine, and says what it finds unless all is well. */
async function observe(args: Arguments, state: Properties): Promise<Status> {
  const { destination } = args;
  if (!destination) return "rendered";
  const machine = machineOf(destination);
  const seen: FilesObservation = await observeFiles(
    machine,
    destination.path,
    filesIn(state),
    secretsIn(args),
  );
  if (seen.status !== "installed") {
    say(`${subjectOf(args)} on ${machine.name}: ${seen.words}\n\`pulumi up\` puts it right.`);
  }
  return seen.status === "installed" && state.status === "unfinished" ? "unfinished" : seen.status;
}

/** The files by their paths: what the configuration refers to and, where it has a place, the configuration. */
function filesOf({ destination }: Arguments, { content, companions }: Rendering): Record<string, string> {
  return Object.fromEntries([
    ...(destination ? [[destination.path, content]] : []),
    ...companions.map((companion) => [companion.path, companion.content]),
  ]);
}

const filesIn = ({ files }: Properties) => (files ?? {}) as Record<string, string>;

const statusWanted = ({ destination }: Arguments): Status => (destination ? "installed" : "rendered");

/** The arguments that the engine passes, once they are checked. */
const argumentsOf = (news: Properties): Arguments => argumentsSchema.parse(givenIn(news));

/** The arguments that a state was made with. */
const argumentsIn = argumentsOf;

const argumentsIfAny = (state: Properties): Arguments | undefined =>
  state.server === undefined ? undefined : argumentsIn(state);

/**
 * The headers that are forwarded, for the inputs: an output that is an input too is known in a preview, so that a preview
 * proposes no change of the realm for every change of the proxy.
 */
function headersOf(args: Arguments | undefined): Pick<Rendering, "headers"> {
  if (args?.access.mode !== "forwardUser" || isUnknown(args.access.headers)) return {};
  return { headers: args.access.headers };
}

/** The arguments among the properties of a state, or of a program. */
function givenIn(properties: Properties): Properties {
  const outputs = ["__provider", "content", "contentHash", "files", "headers", "status"];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !outputs.includes(name)));
}

/** A file on a machine, as what one resource of a program manages. */
const fileOn = (destination: Destination) => `${destination.path} on ${machineOf(destination).name}`;

/** Which machine and login it is: what stands for another machine, and not for another way to talk to it. */
function whereIs({ destination }: Arguments): unknown {
  const { host, port, user } = destination?.ssh ?? {};
  return [host, port, user];
}

/** What must be in no message. */
function secretsIn({ access, probe }: Arguments): string[] {
  const authentication = access.mode === "forwardUser" ? access.authentication : undefined;
  const basic = authentication?.type === "basic" ? Object.values(authentication.users ?? {}) : [];
  const ldap = authentication?.type === "ldap" ? [authentication.bindPassword] : [];
  const asked = [probe?.credentials?.password, probe?.apiToken?.token, probe?.ssoCookie];
  return [...basic, ...ldap, ...asked].filter((secret) => secret !== undefined);
}

const subjectOf = ({ name, server }: { readonly name?: unknown; readonly server?: unknown }) =>
  `The ${server} configuration "${name}"`;
