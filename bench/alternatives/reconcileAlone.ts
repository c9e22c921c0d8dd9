import { randomBytes } from "node:crypto";
import { create } from "../../provider/apiTokens/operations";
import { type Contestant, costOf } from "../way";

/** What an ApiTokens does, without Pulumi's engine around it. Each token is logged in with. */
export const reconcileAlone: Contestant = {
  ways: [{ name: "ApiTokens, without the engine", step: "set" }],
  async run(subject, count) {
    const { url, user, token } = subject;
    const ids = subject.users.slice(0, count);
    const users = Object.fromEntries(ids.map((id) => [id, { token: randomBytes(16).toString("hex") }]));
    // Tokens of another run were taken away behind the provider's back, which it would notice only after a few seconds.
    const tokenName = `alone-${randomBytes(4).toString("hex")}`;
    return [[await costOf(subject, () => create({ tokenName, users, controller: { url, user, token } }))]];
  },
};
