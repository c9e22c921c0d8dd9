/** Loads a module of the provider by its path without the ending: `controller/script`. */
export type Load = (module: string) => Record<string, new (...facts: never[]) => Error>;

/** The facts of one failure of each class that the provider reports, by the class's name and the module that has it. */
const facts: readonly (readonly [module: string, name: string, ...facts: unknown[]])[] = [
  ["errors", "ConfigurationError", "No controller is set."],
  ["errors", "RefusedError", "https://ci.example.com", "deploy", 401, "credentials"],
  ["errors", "UnreachableError", "https://ci.example.com", "the connection was cut"],
  ["errors", "NotReadyError", "https://ci.example.com", 503, true],
  ["errors", "RedirectedError", "https://ci.example.com", 302, "https://sso.example.com/"],
  ["errors", "NotJenkinsError", "https://ci.example.com", 200, "a web page", "It works!\nsecond line"],
  ["errors", "ScriptFailedError", "https://ci.example.com", "look", "java.lang.IllegalStateException: no"],
  ["errors", "NotPossibleError", "This controller has no tokens that expire."],
  ["errors", "NotVerifiedError", "The token was set, and does not log in."],
  ["errors", "SomeFailedError", new Map([["alice", new Error("a reason")]]), 3],
  ["engine", "UnfinishedError", new Error("The change could not be undone."), "an id", { left: "behind" }],
  ["apiToken/reconcile", "HalfDoneError", "Putting back failed too.", { uuid: "u" }],
  ["securityRealm/ending", "UnconfirmedError", "The change was not confirmed.", true, undefined],
  ["commandLine/stack", "CannotLookError", "There is no engine."],
  ["proxyConfig/probe/asking", "ProofError", "GET http://proxy/", "200", "A name reached Jenkins."],
  ["proxyConfig/probe/outsider", "NoAnswerError", "http://proxy", "connection refused"],
  ["proxyConfig/probe/proof", "NotTakenUpError", "http://proxy", 20],
  ["proxyConfig/destination/install", "HalfInstalledError", "What was there before is not back."],
  ["proxyConfig/destination/ssh", "MachineUnreachableError", "proxy.example.com", "Permission denied"],
  ["proxyConfig/destination/ssh", "SudoError", "proxy.example.com", "a password is required"],
  ["proxyConfig/destination/machine", "FileError", "this machine", "/etc/x", "write", "ENOSPC"],
  [
    "proxyConfig/destination/commands",
    "RejectedError",
    "this machine",
    "nginx -t",
    { status: 1, output: "emerg" },
    [],
  ],
  [
    "proxyConfig/destination/commands",
    "NotReloadedError",
    "this machine",
    "nginx -s reload",
    { status: 1, output: "no" },
    [],
  ],
];

/** One failure of each class. */
export function failuresFrom(load: Load): { name: string; error: Error }[] {
  return facts.map(([module, name, ...given]) => {
    const Failure = load(module)[name];
    if (!Failure) throw new Error(`${module} has no ${name}.`);
    return { name, error: new Failure(...(given as never[])) };
  });
}
