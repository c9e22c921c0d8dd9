import { randomBytes } from "node:crypto";
import type { Front } from "../servers/front";
import { spellingsOf } from "../servers/spellings";
import { ask, basic, type Header, type Scene, tokenPort, whoAmI, whoAmIPage } from "./asking";

/** Names a user in every way that anything behind the proxy could believe. */
export async function nobodyIsBelieved(scene: Scene): Promise<void> {
  const { front } = scene;
  const stranger = `probe-${randomBytes(6).toString("hex")}`;
  const [userHeader = "X-Forwarded-User"] = front.identityNames;
  const all = front.identityHeaders.map((name): Header => [name, stranger]);
  const doubled: Header[] = [userHeader, userHeader.toLowerCase()].map((name) => [name, stranger]);
  const spoofs: Header[][] = [
    all,
    doubled,
    ...spellingsOf(userHeader).map((name): Header[] => [[name, stranger]]),
  ];

  const asked = (how: string, path: string, headers: Header[], port?: number) => ({
    how,
    question: { path, headers, port },
  });
  const doors = [
    { how: "", headers: [] as Header[], port: undefined },
    ...insiders(scene),
    ...tokenLane(front),
  ];
  const questions = [
    ...doors.flatMap(({ how, headers, port }) =>
      spoofs.map((spoof) => asked(how, whoAmIPage(front), [...headers, ...spoof], port)),
    ),
    ...doors.map(({ how, headers, port }) => asked(how, whoAmI(front), [...headers, ...doubled], port)),
  ];
  for (const { how, question } of questions) {
    const sent = `${how && `${how}, `}${described(question.headers)}: ${stranger}`;
    const { answer, failure } = await ask(scene, sent, question);
    // An error page may quote the request; only a page of Jenkins' own shows what reached it.
    if (answer.status === 200 && answer.text.includes(stranger)) {
      throw failure(
        "A name that the client made up reached Jenkins, so that every client can be any user. Do not let this proxy serve: something outside of this configuration lets these headers through.",
      );
    }
  }
}

function described(headers: readonly Header[]): string {
  const names = [...new Set(headers.map(([name]) => name))].filter(
    (name) => !["Authorization", "Cookie"].includes(name),
  );
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

/** Tries to step from every path that is open to one that is not. */
export async function openPathsLeadNowhere(scene: Scene): Promise<void> {
  for (const path of walks(scene.front)) {
    const { answer, failure } = await ask(scene, "without credentials", { path });
    if (answer.status === 200 && /who\s*am\s*i/i.test(answer.text)) {
      throw failure("A path that is open leads to one that is not, so that nothing demands a login.");
    }
  }
}

/** Ways to step from a path that is open to one that is not. */
function walks({ access, upstream }: Front): string[] {
  if (access.mode === "passThrough") return [];
  const target = "whoAmI/";
  const up = "../".repeat(4);
  const below = access.open.filter(({ andBelow }) => andBelow).map(({ path }) => encodeURI(path));
  const steps = ["..", "%2e%2e", ".%2e", "..;", "%2e%2e;x=1"];
  return below.flatMap((path) => [
    ...steps.map((step) => `${path}${step}/${target}`),
    ...steps.map((step) => `${path}x/${step}/${step}/${target}`),
    `${path}..%2f${target}`,
    `${path}/${up}${upstream.contextPath.slice(1)}/${target}`.replace(/([^/])\/\/(whoAmI)/, "$1/$2"),
  ]);
}

/** How a request with an API token comes in, with one that no user has. */
function tokenLane({ access }: Front): { port?: number | undefined; headers: Header[]; how: string }[] {
  if (access.mode !== "forwardUser" || access.tokens === "nowhere") return [];
  const wrong = basic("probe", randomBytes(16).toString("hex"));
  if (access.tokens === "here") return [{ headers: [wrong], how: "with a wrong API token" }];
  const { port } = access.tokens;
  return [
    { port, headers: [wrong], how: `on port ${port}, with a wrong API token` },
    { port, headers: [], how: `on port ${port}` },
  ];
}

/** Those who get in, as far as the probe was told: they could name another user. */
function insiders({ front, probe }: Scene): { port?: number | undefined; headers: Header[]; how: string }[] {
  const { credentials, apiToken, ssoCookie } = probe;
  const port = tokenPort(front);
  return [
    ...(credentials
      ? [{ headers: [basic(credentials.user, credentials.password)], how: `as ${credentials.user}` }]
      : []),
    ...(ssoCookie ? [{ headers: [["Cookie", ssoCookie] as const], how: "with the cookie" }] : []),
    ...(apiToken
      ? [{ headers: [basic(apiToken.user, apiToken.token)], how: `by API token of ${apiToken.user}`, port }]
      : []),
  ];
}
