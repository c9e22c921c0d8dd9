import { randomBytes } from "node:crypto";
import { createStack } from "../../test/stack/stack";
import { type Contestant, type Cost, costOf } from "../way";

/** A program that makes the tokens of the users whom its configuration names, from seeds that begin with a secret. */
const program = (
  resources: string,
) => `import { type CustomResourceOptions, Config, dynamic, type Input } from "@pulumi/pulumi";
import { ApiToken, ApiTokens } from "pulumi-jenkins-auth";
const config = new Config();
const users = config.requireObject<string[]>("users");
const seedOf = (user: string) => config.requireSecret("seed").apply((seed) => seed + user);
${resources}
`;

/** A dynamic provider as people write one, that does nothing. Its resources have the arguments of an ApiToken. */
const nothing = program(`
const provider: dynamic.ResourceProvider = {
  check: async (_olds, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.user, outs: { ...inputs, token: inputs.seed } }),
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, inputs) => ({ outs: { ...inputs, token: inputs.seed } }),
  delete: async () => {},
};
class Nothing extends dynamic.Resource {
  constructor(name: string, args: { user: Input<string>; seed: Input<string> }, options?: CustomResourceOptions) {
    super(provider, name, { ...args, tokenName: name, token: undefined }, { ...options, additionalSecretOutputs: ["token"] });
  }
}
for (const user of users) new Nothing(user, { user, seed: seedOf(user) });
`);

const single = program("for (const user of users) new ApiToken(user, { user, seed: seedOf(user) });");

const many = program(
  `new ApiTokens("fleet", { users: Object.fromEntries(users.map((user) => [user, { seed: seedOf(user) }])) });`,
);

const STEPS = ["up", "preview", "refresh"] as const;

/** A stack that is brought up once, and twice previewed without a change and refreshed: those are short, and differ more. */
function contestant(name: string, text: string): Contestant {
  return {
    ways: STEPS.map((step) => ({ name, step })),
    async run(subject, count) {
      await using stack = await createStack({
        program: text,
        config: {
          "jenkins:url": subject.url,
          "jenkins:user": subject.user,
          users: JSON.stringify(subject.users.slice(0, count)),
        },
        secrets: { "jenkins:token": subject.token, seed: randomBytes(16).toString("hex") },
      });
      const costs = STEPS.map((): Cost[] => []);
      for (const step of [...STEPS, "preview", "refresh"] as const) {
        const options = step === "preview" ? { expectNoChanges: true } : {};
        const cost = await costOf(subject, async () => (await stack[step](options)).orThrow());
        costs[STEPS.indexOf(step)]?.push(cost);
      }
      return costs;
    },
  };
}

export const doNothing = contestant("a provider that does nothing", nothing);
export const apiToken = contestant("ApiToken", single);
export const apiTokens = contestant("ApiTokens", many);
