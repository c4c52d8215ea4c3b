/** Real certificates, made by openssl. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Made {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** Paths of the same. */
  readonly files: { readonly certificate: string; readonly key: string };
}

export interface Wanted {
  readonly subject?: string;
  readonly names?: readonly string[];
  /** Itself when absent. */
  readonly issuer?: Made;
  readonly authority?: boolean;
  readonly days?: number;
}

export function openssl(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Makes `<name>.pem` and `<name>.key` in a folder. */
export function make(folder: string, name: string, { subject = "/", names = [], issuer, authority = false, days = 90 }: Wanted): Made {
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const extensions = [
    `basicConstraints=critical,CA:${authority ? "TRUE" : "FALSE"}`,
    "subjectKeyIdentifier=hash",
    ...(names.length === 0 ? [] : [`subjectAltName=@names\n[names]\n${names.map((entry, index) => `DNS.${index} = ${entry}`).join("\n")}`]),
  ].join("\n");
  writeFileSync(join(folder, `${name}.cnf`), `[req]\ndistinguished_name=none\n[none]\n[extensions]\n${extensions}\n`);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", files.key];
  if (issuer === undefined) {
    openssl(folder, "req", "-x509", ...key, "-subj", subject, "-days", String(days), "-config", `${name}.cnf`, "-extensions", "extensions", "-out", files.certificate);
  } else {
    openssl(folder, "req", "-new", ...key, "-subj", subject, "-config", `${name}.cnf`, "-out", `${name}.csr`);
    const signer = ["-CA", issuer.files.certificate, "-CAkey", issuer.files.key, "-CAcreateserial"];
    openssl(folder, "x509", "-req", "-in", `${name}.csr`, ...signer, "-days", String(days), "-extfile", `${name}.cnf`, "-extensions", "extensions", "-out", files.certificate);
  }
  return { certificate: readFileSync(files.certificate, "utf8"), key: readFileSync(files.key, "utf8"), files };
}
