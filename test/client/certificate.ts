import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programPath } from "../programs";

/** A certificate that its own key signed, in a temporary folder. */
export class Certificate implements Disposable {
  readonly certificateFile: string;
  readonly keyFile: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "certificate-"));

  /**
   * @param names what it is for, as a subjectAltName has it: `DNS:jenkins.test`.
   * @param notAfter when it ends, as `20200102000000Z`. @default after a day
   */
  constructor(names: string, notAfter?: string) {
    this.certificateFile = join(this.folder, "certificate.pem");
    this.keyFile = join(this.folder, "key.pem");
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      this.keyFile,
    ];
    const subject = ["-subj", "/CN=test", "-addext", `subjectAltName=${names}`];
    if (notAfter === undefined) {
      openssl("req", "-x509", ...key, "-days", "1", ...subject, "-out", this.certificateFile);
    } else {
      this.#endingAt(notAfter, key, subject);
    }
  }

  /** Only `openssl ca` takes days that are past. */
  #endingAt(notAfter: string, key: string[], subject: string[]): void {
    const request = join(this.folder, "request.pem");
    const database = join(this.folder, "index.txt");
    const configuration = join(this.folder, "ca.cnf");
    writeFileSync(database, "");
    writeFileSync(
      configuration,
      `[ca]\ndefault_ca = own\n[own]\ndatabase = ${database}\nnew_certs_dir = ${this.folder}\ndefault_md = sha256\nrand_serial = yes\npolicy = any\ncopy_extensions = copy\nunique_subject = no\n[any]\ncommonName = supplied\n`,
    );
    openssl("req", "-new", ...key, ...subject, "-out", request);
    const period = ["-startdate", "20200101000000Z", "-enddate", notAfter];
    const files = ["-in", request, "-keyfile", this.keyFile, "-out", this.certificateFile];
    openssl("ca", "-batch", "-selfsign", "-config", configuration, "-notext", ...period, ...files);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

function openssl(...args: string[]): void {
  execFileSync(programPath("openssl"), args, { stdio: ["ignore", "ignore", "pipe"] });
}
