import { errors } from "undici";
import { ControllerError, RefusedError, retold, UnreachableError } from "../errors";
import type { ForwardProxy } from "./forwardProxy";
import { excerpt } from "./redaction";
import type { ControllerSettings } from "./settings";
import { ProxyConnectionError, TunnelRefusedError } from "./transport";

/** The error for a failure of the network: of the controller, or of the forward proxy on the way to it. */
export function unreachableBy(
  error: Error,
  settings: ControllerSettings,
  proxy: ForwardProxy | undefined,
): UnreachableError {
  const { url } = settings;
  if (proxy && error instanceof TunnelRefusedError) return refusedBy(proxy, url, error);
  if (proxy && error instanceof ProxyConnectionError) {
    const cause = error.cause as Error;
    return unreachable(url, proxy, `could not be used: ${reasonOf(cause, settings)}`, passes(cause));
  }
  return new UnreachableError(url, reasonOf(error, settings), { passes: passes(error) });
}

/** Names the forward proxy in an error that it may have caused. */
export function namingProxy(error: unknown, proxy: ForwardProxy | undefined): unknown {
  if (!proxy || !(error instanceof ControllerError) || error.message.includes(proxy.origin)) return error;
  // Jenkins itself says why it refuses a user.
  if (error instanceof RefusedError && error.refusal !== "front") return error;
  const path = `The request went through the forward proxy ${proxy.origin} (from ${proxy.variable}), which may have sent this answer.`;
  return retold(error, `${error.message}\n${path}`);
}

/** The error for a forward proxy that requires credentials of its own. */
export function loginRequiredBy(proxy: ForwardProxy, url: string, challenge: string): UnreachableError {
  const what = proxy.login === undefined ? "requires a login of its own" : "refused the login";
  return unreachable(url, proxy, `${what} (407${challenge && `, ${challenge}`})`, false);
}

/** Responses to CONNECT that can pass by themselves: the proxy does not reach the controller. */
const NOT_REACHED: ReadonlySet<number> = new Set([502, 503, 504]);

function refusedBy(proxy: ForwardProxy, url: string, { status, challenge, text }: TunnelRefusedError) {
  if (status === 407) return loginRequiredBy(proxy, url, challenge);
  return NOT_REACHED.has(status)
    ? unreachable(url, proxy, `could not connect to it (${status})`, true, text)
    : unreachable(url, proxy, `refused to connect to it (${status})`, false, text);
}

function unreachable(url: string, proxy: ForwardProxy, did: string, passes: boolean, text = "") {
  const { origin, variable, login } = proxy;
  return new UnreachableError(url, `the forward proxy ${origin} (from ${variable}) ${did}`, {
    passes,
    remedy: `Check ${variable} and that proxy, or name the host in no_proxy if it must be reached directly.`,
    excerpt: excerpt(text, login ? [login.password, `${login.user}:${login.password}`] : []),
  });
}

/** OpenSSL's codes for a certificate whose issuer is not trusted. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** All codes of a certificate that was refused, or of a handshake that failed: none of these passes by itself. */
const TLS_FAILURE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_C|INVALID_|PATH_LENGTH_|HOSTNAME_)/;

const passes = (error: Error) => !TLS_FAILURE.test((error as NodeJS.ErrnoException).code ?? "");

function reasonOf(error: Error, settings: ControllerSettings): string {
  if (error instanceof errors.ConnectTimeoutError) return `no connection within ${settings.connectSeconds} s`;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return `connected, but silent for ${settings.answerSeconds} s`;
  }
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError") return `no whole answer within ${settings.callSeconds} s`;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE") return "the connection was cut";
  if (code === "ECONNREFUSED") return "nothing listens there (connection refused)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name could not be resolved";
  if (code && UNTRUSTED.has(code)) {
    return "its certificate is from no authority that this machine trusts (jenkins:caFile names a file with further ones)";
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const { subjectaltname } = (error as { cert?: { subjectaltname?: string } }).cert ?? {};
    return `its certificate is for another name (${subjectaltname ?? "it names none"})`;
  }
  if (code === "CERT_HAS_EXPIRED") return "its certificate has expired";
  if (code === "CERT_NOT_YET_VALID") return "its certificate is not valid yet, by the clock of this machine";
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return "it does not speak https there";
  }
  return message || code || name;
}
