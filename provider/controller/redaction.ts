/** Takes every given secret out of a text that people will see, also where it appears as URL or Base64 encoding. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  return [...new Set(secrets)]
    .filter((secret) => secret.length > 0)
    .sort((a, b) => b.length - a.length)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .reduce((kept, secret) => kept.replaceAll(secret, "[secret]"), text);
}

/** The first lines of an answer, for an error message: short, printable, and without secrets. */
export function excerpt(text: string, secrets: Iterable<string>): string {
  return withoutSecrets(text, secrets)
    .replace(/<(script|style)\b.*?<\/\1>/gis, "")
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
