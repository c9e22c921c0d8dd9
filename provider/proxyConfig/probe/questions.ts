import { selfTest } from "../../controller/selfTest";
import { say } from "../../engine";
import { agentsConnect, webSocketsArrive } from "./agents";
import { ask, basic, type Header, nameIn, type Scene, tokenPort, whoAmI, whoAmIPage } from "./asking";
import { passwordsAreChecked } from "./passwords";
import { nobodyIsBelieved, openPathsLeadNowhere } from "./spoofing";

/** The first question, which is asked until the new configuration serves: does it let in whom it should? */
export async function answersAtAll(scene: Scene): Promise<void> {
  const { front } = scene;
  const { access } = front;
  const path = `${front.upstream.contextPath}/`;
  if (access.mode === "passThrough" || access.open.some((open) => open.path === path && open.andBelow)) {
    const asked = await ask(scene, "", { path: whoAmI(front) });
    if (asked.answer.status !== 200 || !/"name"/.test(asked.answer.text)) {
      throw asked.failure(
        "Jenkins answers /whoAmI to every client, so this did not come from it. Check upstream.",
      );
    }
    return;
  }
  const asked = await ask(scene, "without credentials", { path });
  const { status } = asked.answer;
  if (access.mode === "forwardUser" && access.authentication.type === "request") {
    if (status === 401 || status === 403 || (status >= 300 && status < 400)) return;
    throw asked.failure("An unauthenticated request got past the proxy without being sent to log in.");
  }
  if (status !== 401) {
    throw asked.failure(
      "The proxy should ask for credentials (401). Another site of the same server may answer on this address and port.",
    );
  }
  if (!/^basic\b/i.test(asked.answer.header("www-authenticate"))) {
    throw asked.failure(
      "It refuses without a challenge (WWW-Authenticate: Basic), and most tools then never send a password.",
    );
  }
}

/** All the other questions, each on its own. */
export async function everythingElse(scene: Scene): Promise<void> {
  await nobodyIsBelieved(scene);
  await openPathsLeadNowhere(scene);
  await passwordsAreChecked(scene);
  await loginsWork(scene);
  const { access, upstream } = scene.front;
  const identity = identityOf(scene) ?? (access.mode === "passThrough" ? [] : undefined);
  if (identity) await pathsArriveAsTheyAre(scene, identity);
  if (access.mode !== "passThrough" && access.agents) return agentsConnect(scene);
  const handshakeIsOpen =
    access.mode !== "passThrough" &&
    access.open.some(({ path }) => path === `${upstream.contextPath}/wsagents/`);
  if (identity || handshakeIsOpen) await webSocketsArrive(scene, handshakeIsOpen ? [] : (identity ?? []));
}

async function loginsWork(scene: Scene): Promise<void> {
  const { front, probe } = scene;
  const { credentials, apiToken, ssoCookie } = probe;
  if (credentials) await comesInAs(scene, [basic(credentials.user, credentials.password)], credentials.user);
  if (ssoCookie) await comesInAs(scene, [["Cookie", ssoCookie]], undefined);
  if (apiToken) {
    const way = { port: tokenPort(front), byToken: true };
    await comesInAs(scene, [basic(apiToken.user, apiToken.token)], apiToken.user, way);
  }
}

/** Logs in, and looks whom Jenkins sees. */
async function comesInAs(
  scene: Scene,
  headers: readonly Header[],
  user: string | undefined,
  { port, byToken = false }: { port?: number | undefined; byToken?: boolean } = {},
): Promise<void> {
  const { front } = scene;
  const { access } = front;
  const how = `as ${user ?? "the user whom the cookie belongs to"}${byToken ? ", by API token" : ""}`;
  const { answer, failure } = await ask(scene, how, { path: whoAmI(front), headers, port });
  if (answer.status !== 200) {
    const lane = byToken && access.mode === "forwardUser" && access.tokens === "nowhere";
    throw failure(
      lane
        ? "This configuration has no way in for API tokens: set access.apiTokens: true."
        : answer.status === 500
          ? "The credentials are right, but Jenkins' security realm cannot load the user."
          : "It should have been let in. Check the probe's credentials, and who is to check them: this proxy or Jenkins.",
    );
  }
  const name = nameIn(answer);
  const wanted =
    access.mode === "forwardUser" && access.stripRealm && !byToken ? user?.replace(/@.*/s, "") : user;
  if (wanted === undefined ? name !== "anonymous" : name?.toLowerCase() === wanted.toLowerCase()) return;
  if (access.mode === "forwardUser" && !byToken && name === "anonymous") {
    return saysWhoItIs(scene, headers, wanted);
  }
  throw failure(
    `Jenkins saw ${name === undefined ? "no user that it named" : `"${name}"`}${wanted ? ` instead of "${wanted}"` : ""}: the Authorization header or the cookie does not reach it, or something else says who this is.`,
  );
}

/** A realm that does not look at the header yet is no fault of the proxy's, as long as the header gets there. */
async function saysWhoItIs(
  scene: Scene,
  headers: readonly Header[],
  user: string | undefined,
): Promise<void> {
  const { front } = scene;
  const header = front.access.mode === "forwardUser" ? front.access.headers.user : "";
  const { answer, failure } = await ask(scene, `as ${user}`, { path: whoAmIPage(front), headers });
  const page = answer.text.toLowerCase();
  if (!page.includes(header.toLowerCase()) || (user !== undefined && !page.includes(user.toLowerCase()))) {
    throw failure(`The login worked, but ${header} does not reach Jenkins.`);
  }
  say(
    `${scene.outsider.url} tells Jenkins who logs in by ${header}, and Jenkins does not believe it yet: give these headers to a SecurityRealm of type reverseProxy.`,
  );
}

/** The test of Jenkins' own reverse proxy monitor; its answer names what is wrong. */
async function pathsArriveAsTheyAre(scene: Scene, headers: readonly Header[]): Promise<void> {
  const { front } = scene;
  const { contextPath } = front.upstream;
  const public_ = `${front.listen.publicScheme}://${scene.outsider.place.calledHost}`;
  const url = `${scene.probe.url ? scene.outsider.url : public_}${contextPath}`;
  const { result, answer } = await selfTest(url, async (path, { Referer }) => {
    const referer: Header[] = Referer ? [["Referer", Referer]] : [];
    const asked = await ask(scene, "", { path, headers: [...headers, ...referer] });
    return { ...asked.answer, failure: asked.failure };
  });
  if (result === "right" || result === "notRun") return;
  const meaning = {
    slashDecoded: "An encoded slash (%2F) arrives at Jenkins decoded, which breaks branches and folders.",
    slashLost: "An encoded slash (%2F) in a path does not get to Jenkins.",
    otherAddress:
      "Jenkins says what it INFERRED vs. what it was ASKED for. Where they differ, X-Forwarded-Proto, -Host or -Port, or listen.publicUrl, are not what clients use.",
  }[result];
  throw answer.failure(meaning);
}

/** The headers of a client that gets in, if the probe was given any. */
function identityOf({ front, probe }: Scene): readonly Header[] | undefined {
  const { credentials, apiToken, ssoCookie } = probe;
  if (credentials) return [basic(credentials.user, credentials.password)];
  if (ssoCookie) return [["Cookie", ssoCookie]];
  const sameDoor = front.access.mode !== "forwardUser" || front.access.tokens === "here";
  return apiToken && sameDoor ? [basic(apiToken.user, apiToken.token)] : undefined;
}
