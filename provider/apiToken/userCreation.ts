import { randomUUID } from "node:crypto";
import { type Controller, operationFrom, type Values } from "../controller";
import { NotPossibleError } from "../errors";
import type { DesiredToken } from "./comparison";
import type { Notify } from "./notice";
import { change, type UserObservation } from "./userObservation";

const createUser = operationFrom<{ user: string; maker: string }, Values, "user" | "entry" | null>(
  __dirname,
  "createUser",
);
const removeEntry = operationFrom<{ user: string }, Values, null>(__dirname, "removeEntry");
const deleteUser = operationFrom<{ user: string }, Values, null>(__dirname, "deleteUser");

/**
 * Creates the user of a token if there is none, and gives one whom Jenkins' own database cannot load a password there.
 *
 * @returns what takes that back; nothing if nothing was missing.
 * @throws NotPossibleError if there is no such user, and none may be created.
 */
export async function provideUser(
  controller: Controller,
  observation: UserObservation,
  { user }: DesiredToken,
  mayCreate: boolean,
  notify: Notify,
): Promise<(() => Promise<unknown>) | undefined> {
  if (observation.tokens && !(observation.unloadable && mayCreate)) return undefined;
  if (!mayCreate) {
    throw new NotPossibleError(
      `There is no user "${user}" on ${controller.url}. Make the user first, or set createUser: true to have it made.`,
    );
  }
  const { result: made } = await change(controller, createUser, { user, maker: randomUUID() }, {});
  if (made === "entry") {
    notify({
      kind: "given a password",
      words: `User "${user}" had no password in Jenkins' own database on ${controller.url} and was given a random one, as createUser asks for.`,
    });
  }
  if (made === "user") {
    notify({
      kind: "created",
      words: `User "${user}" did not exist on ${controller.url} and was made, as createUser asks for.`,
    });
  }
  const takeBack = { user: deleteUser, entry: removeEntry };
  return made === null ? undefined : () => change(controller, takeBack[made], { user }, {});
}
