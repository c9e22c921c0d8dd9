import { excerpt, withoutSecrets } from "../../controller/redaction";
import { NotVerifiedError } from "../../errors";
import { basicAuthorization } from "../../http";
import type { Probe } from "../schema/probe";
import type { Front } from "../servers/front";
import type { Answer, Outsider, Question } from "./outsider";

/** A proxy, what it was configured to do, and a client that asks it. */
export interface Scene {
  readonly front: Front;
  readonly probe: Probe;
  readonly outsider: Outsider;
}

/** A proxy answered otherwise than it should. */
export class ProofError extends NotVerifiedError {
  constructor(
    /** The request, as a person would describe it. */
    readonly sent: string,
    /** The answer, secrets removed. */
    readonly came: string,
    /** What that means, and what to do. */
    readonly meaning: string,
  ) {
    super(`A probe failed.\n  Sent: ${sent}\n  Came back: ${came}\n  ${meaning}`);
  }
}

/** A header, as it is sent. */
export type Header = readonly [name: string, value: string];

/** A question that was answered. */
export interface Asked {
  readonly answer: Answer;
  /** The failure that the answer is, if it is one. */
  failure(meaning: string): ProofError;
}

/**
 * Asks a proxy.
 *
 * @param how what a description of the request must add to its path.
 * @throws ProofError if the proxy does not reach Jenkins.
 */
export async function ask(
  { outsider, front, probe }: Scene,
  how: string,
  question: Question,
): Promise<Asked> {
  const answer = await outsider.ask(question);
  const { access } = front;
  const authentication = access.mode === "forwardUser" ? access.authentication : undefined;
  const listed = authentication?.type === "basic" ? Object.values(authentication.users ?? {}) : [];
  const given = [probe.credentials?.password, probe.apiToken?.token, probe.ssoCookie];
  const secrets = [...given, ...listed].filter((secret) => secret !== undefined);
  const url = `${outsider.url.replace(/:\d+$/, question.port ? `:${question.port}` : "$&")}${question.path}`;
  const failure = (meaning: string) =>
    new ProofError(
      withoutSecrets(`GET ${url}${how ? `, ${how}` : ""}`, secrets),
      `${answer.status} ${excerpt(answer.text, secrets).split("\n").slice(0, 3).join(" ")}`.trimEnd(),
      meaning,
    );
  if ([502, 503, 504].includes(answer.status)) {
    throw failure(
      `The proxy answers, but does not reach Jenkins at ${front.upstream.socket ?? `${front.upstream.scheme}://${front.upstream.host}:${front.upstream.port}`}. Check that it runs there.`,
    );
  }
  return { answer, failure };
}

/** Whom an answer of `/whoAmI/api/json` names. */
export function nameIn({ text }: Answer): string | undefined {
  try {
    return (JSON.parse(text) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

/** Where Jenkins says, for a program, whom it sees. It is open to every client. */
export const whoAmI = ({ upstream }: Front) => `${upstream.contextPath}/whoAmI/api/json`;

/** The page lists the headers that reached Jenkins, whether its realm believes them or not. */
export const whoAmIPage = ({ upstream }: Front) => `${upstream.contextPath}/whoAmI/`;

/** Credentials, as clients present them. */
export const basic = (user: string, secret: string): Header => [
  "Authorization",
  basicAuthorization(user, secret),
];

/** The port on which API tokens come in, if it is one of their own. */
export const tokenPort = ({ access }: Front) =>
  access.mode === "forwardUser" && typeof access.tokens === "object" ? access.tokens.port : undefined;
