import { randomBytes } from "node:crypto";
import { limiting } from "../../provider/controller/limiting";
import type { Subject } from "../subject";
import { type Contestant, costOf } from "../way";

/** One call of the script console for each token, and one login: what people write without a provider. */
export function loop(concurrency: number): Contestant {
  const name = concurrency === 1 ? "one call a token" : `one call a token, ${concurrency} at once`;
  return {
    ways: [{ name, step: "set" }],
    async run(subject, count) {
      const oneOfFew = limiting(concurrency);
      const users = subject.users.slice(0, count);
      const setAll = () => Promise.all(users.map((user) => oneOfFew(() => setAndVerify(subject, user))));
      return [[await costOf(subject, setAll)]];
    },
  };
}

async function setAndVerify(subject: Subject, user: string): Promise<void> {
  const digits = randomBytes(16).toString("hex");
  const answer = await fetch(`${subject.url}/scriptText`, {
    method: "POST",
    headers: { authorization: basic(subject.user, subject.token) },
    body: new URLSearchParams({ script: scriptFor(user, digits) }),
  });
  const text = await answer.text();
  if (!text.includes("set and verified")) throw new Error(`The loop failed (${answer.status}): ${text}`);
  const login = await fetch(`${subject.url}/whoAmI/api/json`, {
    headers: { authorization: basic(user, digits) },
  });
  const { name } = (await login.json()) as { name: string };
  if (name !== user) throw new Error(`The loop logged in as ${name} instead of ${user}.`);
}

/** The usual script: values spliced into its text, the token set, and looked up by its hash. */
export const scriptFor = (user: string, digits: string) => `
def tokens = hudson.model.User.getById('${user}', false).getProperty(jenkins.security.ApiTokenProperty)
tokens.addFixedNewToken('loop', '11${digits}')
def hash = java.security.MessageDigest.getInstance('SHA-256').digest('${digits}'.bytes).encodeHex().toString()
def found = tokens.tokenStore.tokenListSortedByName.any { it.@value.@hash == hash }
println(found ? 'set and verified' : 'failed')
`;

const basic = (user: string, secret: string) =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
