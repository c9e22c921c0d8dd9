import { randomBytes } from "node:crypto";
import { type Asked, ask, type Header, type Scene } from "./asking";

/** Sends the requests of an inbound agent, in its order: by WebSocket first, then by TCP. */
export async function agentsConnect(scene: Scene): Promise<void> {
  await loginPageIsReady(scene);
  await webSocketsArrive(scene, []);
  await agentPortIsReported(scene);
}

/** An agent follows redirects within the site, and connects once the last response is 200. */
async function loginPageIsReady(scene: Scene): Promise<void> {
  const { outsider, front } = scene;
  let path = `${front.upstream.contextPath}/login`;
  let asked = await ask(scene, "as an agent, without credentials", { path });
  for (let redirects = 0; redirects < 5 && isRedirect(asked); redirects++) {
    const to = new URL(asked.answer.header("location"), `${outsider.url}${path}`);
    if (to.origin !== new URL(outsider.url).origin) return;
    path = to.pathname + to.search;
    asked = await ask(scene, "as an agent, without credentials", { path });
  }
  if (asked.answer.status !== 200) {
    throw asked.failure(
      'An agent waits until this page answers 200, and logs "/login is not ready" until then: it will never connect.',
    );
  }
}

const isRedirect = ({ answer }: Asked) =>
  [301, 302, 303, 307, 308].includes(answer.status) && answer.header("location") !== "";

/** Requests a WebSocket as agents and the command line client do, and checks that Jenkins answers. */
export async function webSocketsArrive(scene: Scene, headers: readonly Header[]): Promise<void> {
  const handshake: Header[] = [
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", randomBytes(16).toString("base64")],
  ];
  const path = `${scene.front.upstream.contextPath}/wsagents/`;
  const { answer, failure } = await ask(scene, "a WebSocket handshake", {
    path,
    headers: [...headers, ...handshake],
  });
  // Cores before 2.217 have no such path.
  if ([101, 404].includes(answer.status) || /agent\.jar/.test(answer.text)) return;
  throw failure("Jenkins' own answer did not come: agents and the command line client will not get through.");
}

/** Where the TCP port for agents is switched off, this page does not exist. */
async function agentPortIsReported(scene: Scene): Promise<void> {
  const path = `${scene.front.upstream.contextPath}/tcpSlaveAgentListener/`;
  const { answer, failure } = await ask(scene, "as an agent, without credentials", { path });
  if ([200, 404].includes(answer.status)) return;
  throw failure("An agent that connects by TCP learns the port from this page, and does not get to it.");
}
