import { readFileSync } from "node:fs";

const style = readFileSync(new URL("style.css", import.meta.url), "utf8");

/** A page of this site. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>
`;
}

/** For somebody who is not signed in. */
export const signInPage = (provider: string, note = "") =>
  page(
    "Sign in",
    `${note && `<p role="alert">${escaped(note)}</p>`}<p><a class="button" href="/signin">Sign in with ${provider}</a></p>`,
  );

/** For somebody who is. */
export const signedInPage = (user: string, returnTo: URL) =>
  page(
    "Signed in",
    `<p>You are signed in as <strong>${escaped(user)}</strong>.</p>
<p><a class="button" href="${escaped(returnTo.href)}">Go to Jenkins</a></p>
<form method="post" action="/signout"><button>Sign out</button></form>`,
  );

function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
