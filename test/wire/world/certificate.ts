/** Certificates, made by openssl. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { run } from "./command.ts";
import { scratch } from "./filesystem.ts";

export interface Certificate {
  /** PEM: the certificate, then its issuer's. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

export type KeyType = "rsa" | "ecdsa";

export interface Authority extends Certificate {
  /**
   * @param key RSA unless given, so that the cipher suites with ECDHE-RSA have something to sign with
   * @param commonName the subject's, which is no name of a server any more
   */
  issue(names: readonly string[], key?: KeyType, commonName?: string): Certificate;
}

let serial = 0;

/** A CA whose certificates nothing but these tests knows. */
export function makeAuthority(): Authority {
  const base = `${scratch}/ca-${++serial}`;
  let issued = 0;
  const ca = { certificate: `${base}.pem`, key: `${base}.key` };
  run("openssl", "req", "-x509", ...ellipticKey, "-days", "2", "-subj", `/CN=Test CA ${serial}`, "-keyout", ca.key, "-out", ca.certificate,
    "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign");
  return {
    certificate: readFileSync(ca.certificate, "utf8"),
    key: readFileSync(ca.key, "utf8"),
    issue(names, key = "rsa", commonName = "test") {
      const one = `${scratch}/certificate-${++serial}`;
      writeFileSync(`${one}.cnf`, `[req]\ndistinguished_name = name\nx509_extensions = extensions\n[name]\n[extensions]\n${names.length === 0 ? "" : `subjectAltName = ${names.map((name) => `DNS:${name}`).join(",")}\n`}`);
      // The subject's field stops at 64 characters.
      if (key === "rsa") writeFileSync(`${one}.key`, rsaKey(issued++));
      run("openssl", "req", "-x509", "-config", `${one}.cnf`, ...(key === "rsa" ? ["-key", `${one}.key`] : [...ellipticKey, "-keyout", `${one}.key`]), "-subj", `/CN=${commonName}`, "-days", "2",
        "-CA", ca.certificate, "-CAkey", ca.key, "-out", `${one}.pem`);
      return { certificate: readFileSync(`${one}.pem`, "utf8") + readFileSync(ca.certificate, "utf8"), key: readFileSync(`${one}.key`, "utf8") };
    },
  };
}

const rsaKeys: string[] = [];

/** Making one takes longer than all the rest: each authority's certificates have keys of their own, which the next one's have again. */
function rsaKey(index: number): string {
  return (rsaKeys[index] ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey);
}

const ellipticKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"] as const;
