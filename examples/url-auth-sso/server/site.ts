import type { IncomingMessage, ServerResponse } from "node:http";
import { objectionTo } from "./admission.ts";
import { signedInPage, signInPage } from "./page.ts";
import type { Provider } from "./provider.ts";
import { Sessions } from "./session.ts";
import type { Settings } from "./settings.ts";

/** Answers the requests of the site: people's, and those of Jenkins to `/data`. */
export function siteOf(settings: Settings, provider: Provider) {
  const sessions = new Sessions(settings);
  const providerName = settings.provider.type === "github" ? "GitHub" : "single sign-on";

  /** Whose the cookies are. Jenkins asks this at each request that has any, passing all of them on. */
  async function data(request: IncomingMessage): Promise<Reply> {
    const session = await sessions.find(request.headers.cookie);
    if (!session) return { status: 401, json: {} };
    const { user, displayName, mail } = session;
    return { status: 200, json: { user_name: user, display_name: displayName, public_email: mail } };
  }

  async function home(request: IncomingMessage): Promise<Reply> {
    const session = await sessions.find(request.headers.cookie);
    return { html: session ? signedInPage(session.user, settings.returnTo) : signInPage(providerName) };
  }

  async function signIn(): Promise<Reply> {
    const { url, departure } = await provider.depart();
    return { status: 303, location: url.href, cookies: [await sessions.remember(departure)] };
  }

  async function callback(request: IncomingMessage, url: URL): Promise<Reply> {
    const refused = (status: number, why: string) => ({
      status,
      html: signInPage(providerName, why),
      cookies: [sessions.forget()],
    });
    const departure = await sessions.recall(request.headers.cookie);
    if (!departure)
      return refused(400, "Signing in took too long, or began in another browser. Please try again.");
    try {
      const person = await provider.arrive(url.searchParams, departure);
      const objection = objectionTo(person, settings);
      if (objection) {
        console.log(`${JSON.stringify(person.user)} was not let in: ${objection}`);
        return refused(403, objection);
      }
      console.log(`${person.user} signed in`);
      const cookies = [await sessions.begin(person), sessions.forget()];
      return { status: 303, location: settings.returnTo.href, cookies };
    } catch (error) {
      // Neither the code nor a token of the provider's is in these messages.
      console.error(`A sign-in failed: ${(error as Error).name}: ${(error as Error).message}`);
      return refused(400, "Signing in did not work. Please try again.");
    }
  }

  async function signOut(request: IncomingMessage): Promise<Reply> {
    // SameSite=Lax keeps the cookie from other sites' posts. Sites of the same domain are told by this header.
    if (request.headers.origin !== settings.publicUrl.origin)
      return { status: 403, html: signInPage(providerName) };
    const session = await sessions.find(request.headers.cookie);
    if (!session) return { status: 303, location: "/" };
    console.log(`${session.user} signed out`);
    return { status: 303, location: "/", cookies: [sessions.end(session)] };
  }

  const routes: Record<string, (request: IncomingMessage, url: URL) => Promise<Reply>> = {
    "GET /": home,
    "GET /data": data,
    "GET /health": async () => ({ json: {} }),
    "GET /signin": signIn,
    "GET /callback": callback,
    "POST /signout": signOut,
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    try {
      const url = URL.parse(request.url ?? "/", settings.publicUrl.href);
      if (!url) return send(response, { status: 400, json: {} });
      const route = routes[`${request.method} ${url.pathname}`];
      send(response, route ? await route(request, url) : { status: 404, html: signInPage(providerName) });
    } catch (error) {
      console.error(error);
      send(response, { status: 500, json: {} });
    }
  };
}

interface Reply {
  readonly status?: number;
  readonly html?: string;
  readonly json?: object;
  readonly location?: string;
  readonly cookies?: readonly string[];
}

function send(response: ServerResponse, { status = 200, html, json, location, cookies = [] }: Reply): void {
  response.writeHead(status, {
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "content-type": json ? "application/json" : "text/html; charset=utf-8",
    // With no-referrer a browser would also hide the Origin that signing out looks at.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    ...(location !== undefined && { location }),
    ...(cookies.length > 0 && { "set-cookie": [...cookies] }),
  });
  response.end(json ? JSON.stringify(json) : html);
}
