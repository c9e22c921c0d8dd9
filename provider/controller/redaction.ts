/** Takes every given secret out of a text that people will see, also where it is encoded as something that echoes it does. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  return [...new Set([...secrets].filter((secret) => secret.length > 0).flatMap(spellingsOf))]
    .sort((a, b) => b.length - a.length)
    .reduce((kept, spelling) => kept.replaceAll(spelling, "[secret]"), text);
}

/** A secret as it is, in JSON, in a URL, in a form, in a form's JSON, in HTML and in Base64. */
function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    encodeURIComponent(secret),
    inForm(secret),
    inForm(json),
    inHtml(secret),
    inHtml(json),
    Buffer.from(secret).toString("base64"),
  ];
}

const inForm = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);

const inHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => HTML_ENTITIES[sign] ?? sign);

const HTML_ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The first lines of an answer, for an error message: short, printable, and without secrets. */
export function excerpt(text: string, secrets: Iterable<string>): string {
  return withoutSecrets(text, secrets)
    .replace(/<(script|style)\b.*?(<\/\1>|$)/gis, "")
    .replace(/<[^>]*>/g, " ")
    .split("\n")
    .map((line) =>
      line
        .replace(/\p{Cc}+/gu, " ")
        .replace(/\s+/g, " ")
        .trim()
        .slice(0, 200),
    )
    .filter((line) => line !== "")
    .slice(0, 6)
    .join("\n");
}
