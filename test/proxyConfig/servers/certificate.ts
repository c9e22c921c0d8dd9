import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** A certificate for ci.example.com and 127.0.0.1 that its own key signed, in a folder. */
export function certificateIn(folder: string): { certificateFile: string; keyFile: string } {
  const certificateFile = join(folder, "ci.pem");
  // HAProxy finds a key by this name.
  const keyFile = `${certificateFile}.key`;
  const made = spawnSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...[
        "-subj",
        "/CN=ci.example.com",
        "-addext",
        "subjectAltName=DNS:ci.example.com,DNS:localhost,IP:127.0.0.1",
      ],
      ...["-out", certificateFile, "-keyout", keyFile],
    ],
    { encoding: "utf8" },
  );
  if (made.status !== 0)
    throw new Error(`openssl made no certificate. Install it: apt-get install openssl\n${made.stderr}`);
  return { certificateFile, keyFile };
}
