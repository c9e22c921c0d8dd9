import type { Arguments } from "../apiToken/arguments";
import { type StoredToken, visible } from "../apiToken/listing";
import type { Notice } from "../apiToken/notice";
import { spelt } from "../apiToken/overlap";
import type { SeenToken } from "../apiToken/userObservation";
import { controllerOf } from "../controller";
import { type Properties, say } from "../engine";
import { firstOf, linesFor } from "../manyUsers";

/** The controller on which the tokens are. */
export const controllerIn = ({ controller }: Properties) =>
  controllerOf(controller as Arguments["controller"]);

/** What the resource is called in messages. */
export const subjectOf = ({ tokenName }: Properties) => `API tokens "${tokenName}"`;

/** The resource with the address of its controller. */
export const whereOf = (properties: Properties) =>
  `${subjectOf(properties)} on ${controllerIn(properties).url}`;

/** Where all users can be found, if some are not named. */
export const IN_THE_OUTPUT = "A refresh puts all that drifted into the output drift.";

/** Says something of users, of which those in `words` are named. */
export function tell(
  properties: Properties,
  about: string,
  words: ReadonlyMap<string, string>,
  whereAll?: string,
): void {
  if (words.size === 0) return;
  const lines = linesFor(words, whereAll);
  say(`${whereOf(properties)}: ${about}${lines.map((line) => `\n  ${line}`).join("")}`);
}

/** Says in a line of each kind what an ApiToken would say in one for each user. */
export function tellOf(notices: ReadonlyMap<string, Notice>, properties: Properties): void {
  const usersWith = (kind: Notice["kind"]) =>
    [...notices].filter(([, notice]) => notice.kind === kind).map(([user]) => user);
  const created = usersWith("created");
  if (created.length > 0) {
    say(
      `${whereOf(properties)}: created ${created.length} users (createUser: true): ${firstOf(created)}. The output tokens has all of them.`,
    );
  }
  const given = usersWith("given a password");
  if (given.length > 0) {
    say(
      `${whereOf(properties)}: gave ${given.length} users a random password in Jenkins' own database (createUser: true): ${firstOf(given)}.`,
    );
  }
  for (const { kind, words } of notices.values()) if (kind === "in use") say(words);
  const others = usersWith("shared name");
  // With `exclusive`, the preview has named these, and they are revoked after this.
  if (others.length > 0 && properties.exclusive !== true) {
    say(
      `${whereOf(properties)}: ${others.length} users have more tokens of that name, which this stack did not create: ${firstOf(others)}. They work on: revoke them there, or set adopt: true to have them revoked.`,
    );
  }
}

/** Says something of each of these tokens, with when it was created and last used. */
export function tellOfTokens(
  news: Properties,
  tokens: ReadonlyMap<string, readonly SeenToken[]>,
  details: ReadonlyMap<string, StoredToken>,
  about: string,
): void {
  const lines = [...tokens].sort().flatMap(([user, all]) => {
    const words = all.map((token) => described(token, details.get(token.uuid)));
    return words.length > 0 ? [`\n  ${user}: ${words.join("; ")}`] : [];
  });
  if (lines.length === 0) return;
  say(`${whereOf(news)}: ${about}${lines.join("")}`);
}

function described(
  { name, legacy }: SeenToken,
  { created, lastUsed, uses }: Partial<StoredToken> = {},
): string {
  const creation = created === undefined ? "at an unknown time" : at(created);
  const unused = uses === undefined ? "last used at an unknown time" : "never used";
  const use = lastUsed === undefined ? unused : `last used ${at(lastUsed)}`;
  return `the ${legacy ? "legacy " : ""}token "${visible(name)}", created ${creation}, ${use}`;
}

const at = (time: number) => spelt(new Date(time).toISOString());
