import { randomBytes } from "node:crypto";
import { sortedEntries } from "../servers/htpasswd";
import { ask, basic, ProofError, type Scene, whoAmI } from "./asking";
import { type Answer, NoAnswerError } from "./outsider";

/**
 * Verifies that the proxy checks passwords, and is able to: a random login is refused, and a user of the list gets in. The
 * password of that user is sent to the proxy alone, over the connection of this request.
 */
export async function passwordsAreChecked(scene: Scene): Promise<void> {
  const { access, upstream } = scene.front;
  if (access.mode !== "forwardUser" || access.authentication.type === "request") return;
  const { authentication } = access;
  const cannotCheck =
    authentication.type === "ldap"
      ? "The proxy could not query its directory. Its error log says why: check authentication.url, bindDn and bindPassword."
      : "The proxy could not read its list of passwords. Its error log says why: its processes must be able to read the file. Set destination.group to a group that they are in.";

  const random = basic(
    `probe-${randomBytes(6).toString("hex")}`,
    `random-${randomBytes(9).toString("base64url")}`,
  );
  const path = `${upstream.contextPath}/`;
  const how = "as a random user";
  const refused = await ask(scene, how, { path, headers: [random] }).catch((failure) => {
    // Squid waits for a helper that has ended without an answer.
    if (!(failure instanceof NoAnswerError)) throw failure;
    throw new ProofError(
      `GET ${scene.outsider.url}${path}, ${how}`,
      `no answer: ${failure.reason}`,
      cannotCheck,
    );
  });
  if (isFromJenkins(refused.answer)) {
    throw refused.failure("A random login got past the proxy: it checks no passwords.");
  }
  if (refused.answer.status !== 401) throw refused.failure(cannotCheck);

  const [listed] = authentication.type === "basic" ? sortedEntries(authentication.users ?? {}) : [];
  if (!listed) return;
  const [user, password] = listed;
  const headers = [basic(user, password)];
  const answered = await ask(scene, `as "${user}" of authentication.users`, {
    path: whoAmI(scene.front),
    headers,
  });
  if (isFromJenkins(answered.answer)) return;
  throw answered.failure(
    answered.answer.status === 401
      ? "The proxy refused a user of its list: it reads another list, or one of an earlier run."
      : cannotCheck,
  );
}

const isFromJenkins = ({ status, header }: Answer) => status === 200 || header("x-jenkins") !== "";
