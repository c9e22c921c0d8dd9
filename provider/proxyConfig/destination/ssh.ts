import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ProviderError } from "../../errors";
import type { SshSettings } from "../schema/destination";
import { runHere } from "./local";
import {
  ADMINISTRATORS_PATH,
  beside,
  FileError,
  type Machine,
  MOST_OUTPUT,
  NO_SUCH_PROGRAM,
  OUT_OF_TIME,
  type Ran,
  type StoredFile,
} from "./machine";

/**
 * Another machine, by the system's own OpenSSH client: what its configuration, its agent and its list of known hosts
 * say holds here too. What is sent goes over standard input, so that no list of processes shows it on either side.
 */
export class SshMachine implements Machine {
  readonly name: string;
  #sockets: string | undefined;

  constructor(private readonly settings: SshSettings) {
    this.name = settings.host;
  }

  async resolve(file: string): Promise<string> {
    const { bytes } = await this.#ask("find", file, RESOLVE, [file]);
    return bytes.toString("utf8").replace(/\n$/, "");
  }

  async read(file: string): Promise<StoredFile | undefined> {
    const { status, bytes } = await this.#ask("read", file, READ, [file], "", [0, ABSENT]);
    if (status === ABSENT) return undefined;
    const end = bytes.indexOf("\n");
    const [mode = "", owner, group] = bytes.subarray(0, end).toString("ascii").split(" ");
    return { bytes: bytes.subarray(end + 1), mode: Number.parseInt(mode, 8), owner, group };
  }

  async write(file: string, { bytes, mode, owner = "", group = "" }: StoredFile): Promise<void> {
    const whose = group ? `${owner}:${group}` : owner;
    const facts = [file, beside(file, "pulumi-writing"), mode.toString(8), whose, String(bytes.length)];
    await this.#ask("write", file, WRITE, facts, bytes);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#ask("put in place", to, RENAME, [from, to]);
  }

  async remove(file: string): Promise<void> {
    await this.#ask("remove", file, REMOVE, [file]);
  }

  async run(command: readonly string[], seconds: number): Promise<Ran> {
    const facts = [String(seconds), String(command.length), ...command];
    const { status, bytes } = await this.#over(RUN, facts, "", seconds + this.settings.connectSeconds);
    const output = bytes.toString("utf8").slice(0, MOST_OUTPUT);
    return { status, output: status === NO_SUCH_PROGRAM ? `${command[0]}: no such program` : output };
  }

  /** Runs one of the scripts, and takes any status but those that are fine for a failure with a file. */
  async #ask(
    action: string,
    file: string,
    script: string,
    facts: readonly string[],
    content: string | Buffer = "",
    fine: readonly number[] = [0],
  ): Promise<{ status: number; bytes: Buffer }> {
    const answer = await this.#over(script, facts, content, FILE_SECONDS);
    if (fine.includes(answer.status)) return answer;
    throw new FileError(this.name, file, action, reasonIn(answer.errors) || `it ended with ${answer.status}`);
  }

  async #over(script: string, facts: readonly string[], content: string | Buffer, seconds: number) {
    const input = Buffer.concat([
      Buffer.from(facts.map((fact) => `${fact}\n`).join("")),
      Buffer.from(content),
    ]);
    const shell = `${this.settings.sudo ? "sudo -n " : ""}sh -c '${script}'`;
    const answer = await runHere([...this.#client(), shell], { seconds, input, split: true });
    if (answer.status === OUT_OF_TIME && script !== RUN) throw this.#unreachable(`no answer in ${seconds} s`);
    if (answer.status === NO_SUCH_PROGRAM && answer.bytes.length === 0 && script !== RUN) {
      throw this.#unreachable(reasonIn(answer.errors) || "there is no ssh program");
    }
    if (answer.status === LOST) throw this.#unreachable(reasonIn(answer.errors));
    if (/^sudo: /m.test(answer.errors) && answer.status === 1) throw new SudoError(this.name, answer.errors);
    return answer;
  }

  #client(): string[] {
    const { host, user, port, identityFile, configFile, knownHostsFile, connectSeconds } = this.settings;
    const options = {
      BatchMode: "yes",
      StrictHostKeyChecking: "yes",
      // One login serves all that is asked of a machine, and ends a moment after the last question.
      ControlMaster: "auto",
      ControlPath: this.#controlPath(),
      ControlPersist: "10",
      ConnectTimeout: String(Math.ceil(connectSeconds)),
      ServerAliveInterval: "15",
      LogLevel: "ERROR",
      ...(knownHostsFile && { UserKnownHostsFile: `"${knownHostsFile}"` }),
      ...(identityFile && { IdentityFile: `"${identityFile}"`, IdentitiesOnly: "yes" }),
      ...(user && { User: user }),
      ...(port && { Port: String(port) }),
    };
    return [
      "ssh",
      ...(configFile ? ["-F", configFile] : []),
      ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
      "-T",
      "--",
      host,
    ];
  }

  /**
   * Where the client keeps its open connection: a folder of its own, with a path short enough for a socket.
   * Other settings get another one, since a connection that is open already needs no key.
   */
  #controlPath(): string {
    if (this.#sockets === undefined) {
      const folder = mkdtempSync(path.join(tmpdir().length < 40 ? tmpdir() : "/tmp", "ssh-"));
      process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
      this.#sockets = folder;
    }
    return path.join(this.#sockets, "%C");
  }

  #unreachable(reason: string): MachineUnreachableError {
    return new MachineUnreachableError(this.name, reason);
  }
}

/** A machine that ssh did not get into. */
export class MachineUnreachableError extends ProviderError {
  constructor(
    readonly host: string,
    readonly reason: string,
  ) {
    super(
      `${host} could not be reached by ssh: ${reason || "the connection was lost"}. ${loginRemedy(reason)}`,
    );
  }
}

/** A machine that lets us in, and does not let us be an administrator. */
export class SudoError extends ProviderError {
  constructor(
    readonly host: string,
    output: string,
  ) {
    super(
      `sudo on ${host} refused: ${reasonIn(output)}. Allow this user \`sudo -n sh\` there (NOPASSWD), or log in as a user who needs no sudo.`,
    );
  }
}

function loginRemedy(reason: string): string {
  if (/host key|known_hosts|REMOTE HOST IDENTIFICATION/i.test(reason)) {
    return "Unknown hosts are refused. Compare its fingerprint with `ssh-keyscan HOST | ssh-keygen -lf -`, then add its key to known_hosts (or to destination.ssh.knownHostsFile).";
  }
  if (/permission denied/i.test(reason)) {
    return "Check destination.ssh.user, and that the agent or destination.ssh.identityFile has a key that it accepts. No password is asked for.";
  }
  return "Check destination.ssh, and that `ssh` itself gets there with the same settings.";
}

/** How long one look at a file, or writing one, may take. */
const FILE_SECONDS = 60;

/** What ssh itself ends with when there is no connection. */
const LOST = 255;

/** What reading ends with when there is no such file. */
const ABSENT = 44;

// The scripts are constant, and their values come as the first lines of standard input. They are handed to whatever
// login shell there is inside single quotes, so that they hold neither these nor line breaks.
const fact = (name: string) => `IFS= read -r ${name};`;
const RESOLVE = `${fact("path")} exec readlink -f -- "$path"`;
const READ = `LC_ALL=C; export LC_ALL; ${fact("path")} if seen=$(stat -L -c "%a %u %g" -- "$path" 2>&1); then echo "$seen"; exec cat -- "$path"; fi; case "$seen" in *"No such file"*|*"Not a directory"*) exit ${ABSENT};; esac; echo "$seen" >&2; exit 1`;
// The length tells a file that came whole from one whose connection broke off.
const WRITE = `umask 077; ${["path", "beside", "mode", "owner", "size"].map(fact).join(" ")} rm -f -- "$beside"; { cat > "$beside" && { test "$(wc -c < "$beside")" -eq "$size" || { echo "it did not arrive whole" >&2; false; }; } && { test -z "$owner" || chown -- "$owner" "$beside"; } && chmod "$mode" "$beside" && { sync "$beside" 2>/dev/null || sync; } && mv -fT -- "$beside" "$path"; } || { rm -f -- "$beside"; exit 1; }`;
const RENAME = `${fact("from")} ${fact("to")} mv -fT -- "$from" "$to" && { sync "$to" 2>/dev/null || sync; }`;
const REMOVE = `${fact("path")} exec rm -f -- "$path"`;
const RUN = `PATH="$PATH:${ADMINISTRATORS_PATH}"; ${fact("seconds")} ${fact("words")} set --; while test "$words" -gt 0; do ${fact("word")} set -- "$@" "$word"; words=$((words - 1)); done; if command -v timeout > /dev/null; then set -- timeout "$seconds" "$@"; fi; exec "$@" 2>&1 < /dev/null`;

const reasonIn = (errors: string) =>
  errors
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^@+$/.test(line))
    .slice(0, 6)
    .join(" ")
    .replace(/[.\s]+$/, "");
