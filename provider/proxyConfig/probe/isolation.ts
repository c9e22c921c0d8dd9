import { randomBytes } from "node:crypto";
import { excerpt } from "../../controller/redaction";
import { say } from "../../engine";
import { ProofError, type Scene } from "./asking";
import { Outsider } from "./outsider";

/**
 * Asks Jenkins itself, past the proxy. Where the proxy names the user, a client that gets there can be any user.
 *
 * @throws ProofError if it opens, and the probe demands that it does not.
 */
export async function warnOfWaysAround({ front, probe }: Scene, sshHost?: string): Promise<void> {
  const { access, upstream } = front;
  if (access.mode !== "forwardUser" || upstream.socket) return;
  const isLoopback = /^(localhost|127\.|\[?::1)/.test(upstream.host);
  const host = isLoopback && sshHost ? sshHost : upstream.host;
  const { scheme, port, contextPath } = upstream;
  const door = new Outsider({ scheme, host, port, calledHost: `${host}:${port}`, insecure: true });
  const stranger = `probe-${randomBytes(6).toString("hex")}`;
  const question = {
    path: `${contextPath}/whoAmI/api/json`,
    headers: [[access.headers.user, stranger]] as const,
  };
  const answer = await door.ask(question).catch(() => undefined);
  if (!answer) return;
  const believed = answer.status === 200 && answer.text.includes(stranger);
  const words = `Jenkins answers around the proxy, at ${scheme}://${host}:${port}${isLoopback && !sshHost ? " (from this machine)" : ""}. ${
    believed
      ? `Asked there with ${access.headers.user}: ${stranger}, it believed it`
      : `A client that gets there can send ${access.headers.user} and be any user, once Jenkins believes that header`
  }. Let only the proxy get there: a firewall, a unix socket (--httpUnixDomainPath), or a network of their own.`;
  if (probe.requireIsolation) {
    const sent = `GET ${scheme}://${host}:${port}${question.path}, ${access.headers.user}: ${stranger}`;
    throw new ProofError(sent, `${answer.status} ${excerpt(answer.text, [])}`.trimEnd(), words);
  }
  say(words);
}
