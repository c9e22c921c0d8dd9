import type { Failure } from "./failure";
import { fault, headerRealm } from "./recipes";

/** The steps of a change, by their requests to the console. An answer that is lost at the last of them is no failure. */
export const cutAt = (["look", "preflight", "try", "confirm", "keep"] as const).flatMap(
  (step, after): Failure[] =>
    (step === "keep" ? (["before"] as const) : (["before", "after"] as const)).map((moment) => ({
      name: `a network that is cut ${moment} the step "${step}", for as long as the change may take`,
      realm: headerRealm(),
      before: fault({
        kind: moment === "before" ? "resetBefore" : "resetAfter",
        path: /scriptText/,
        after,
        lasting: 8000,
      }),
      says: /could not be reached: the connection was cut|could not be asked how the change ended/,
      within: 5,
      own: true,
    })),
);
