import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/** What can stand in a stack's configuration. */
export type ConfigValue = string | number | boolean | ConfigValue[] | { [key: string]: ConfigValue };

/** Configuration by key, `jenkins:url` for one. A key without a colon belongs to the project, as in Pulumi. */
export type Config = Record<string, ConfigValue>;

/** What protects the secrets of every stack that the tests make. */
export const passphrase = "for tests only";

/**
 * The text of a stack's configuration file, in which each value of `secrets` is encrypted. Pulumi writes the same, but
 * takes a quarter of a second for each value.
 */
export function configFile(project: string, config: Config, secrets: Config): string {
  const values = { ...config, ...(encrypted(secrets) as object) };
  const named = Object.entries(values).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    value,
  ]);
  const encryptionsalt = `v1:${salt.toString("base64")}:${seal("pulumi")}`;
  return JSON.stringify({ encryptionsalt, config: Object.fromEntries(named) }, undefined, 2); // JSON is YAML.
}

function encrypted(value: ConfigValue): unknown {
  if (Array.isArray(value)) return value.map(encrypted);
  if (typeof value !== "object") return { secure: seal(String(value)) };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, encrypted(member)]));
}

const salt = randomBytes(8);
let key: Buffer | undefined;

/** Encrypts as Pulumi's passphrase provider does: AES-256-GCM, the key made from the passphrase with PBKDF2. */
function seal(text: string): string {
  key ??= pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}
