/** Certificates, made by openssl. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PEM: a certificate with its chain, and its key. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface IssueOptions {
  /** Negative for a certificate that has expired. */
  readonly days?: number;
  /** Keeps the key of another certificate. */
  readonly key?: string;
  /** The length of an RSA key, instead of a key on a curve. */
  readonly bits?: number;
}

const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-ca-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

let serial = 0;

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", args, { encoding: "utf8", cwd: folder });
  if (status !== 0) throw new Error(`openssl ${args.join(" ")} ended with ${status}:\n${stderr}`);
}

function file(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem");

/** The issuer's own certificate, the end of every chain. */
export const chain = file("ca.pem");

export function issue(names: readonly string[], options?: IssueOptions): Pair {
  return issueFor(names.map((name) => `DNS:${name}`), options);
}

/** For a server that is reached by its IP address; its chain is what to trust it by. */
export function issueForAddress(address: string): Pair {
  return issueFor([`IP:${address}`]);
}

function issueFor(subjects: readonly string[], { days = 2, key, bits }: IssueOptions = {}): Pair {
  const name = `certificate-${++serial}`;
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${subjects.join(",")}\n`);
  const kind = bits === undefined ? ["EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"] : ["RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`];
  if (key === undefined) openssl("genpkey", "-algorithm", ...kind, "-out", `${name}.key`);
  else writeFileSync(join(folder, `${name}.key`), key);
  openssl("req", "-new", "-key", `${name}.key`, "-subj", "/CN=test", "-out", `${name}.csr`);
  openssl("x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", String(serial), "-days", String(days), "-extfile", `${name}.ext`, "-out", `${name}.pem`);
  return { certificate: file(`${name}.pem`) + chain, key: file(`${name}.key`) };
}
