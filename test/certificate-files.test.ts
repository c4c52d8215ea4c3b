/** `validate --files` with real certificates, and with what else may stand in their place. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Io } from "../src/cli/io.ts";
import { run } from "../src/cli/main.ts";
import type { Certificate, CertificateFacts } from "../src/core/site/certificate-facts.ts";
import { certificateMessages } from "../src/core/problems/messages/certificate.ts";
import { certificateFacts } from "../src/node/certificate-facts.ts";
import { type Made, make, openssl } from "./certificates.ts";
import { noSurroundings, silent } from "./surroundings.ts";

const day = 24 * 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-certificates-"));
const seen = new Set<string>();
let root: Made;
let intermediate: Made;
let leaf: Made;
let other: Made;

const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"];
const domains = "hostname: mail.example.org\nmail_domains: [example.org]\n";

beforeAll(() => {
  root = make(folder, "root", { subject: "/CN=Root", authority: true, days: 3650 });
  intermediate = make(folder, "intermediate", { subject: "/CN=Intermediate", authority: true, issuer: root, days: 1000 });
  leaf = make(folder, "leaf", { names, issuer: intermediate });
  other = make(folder, "other", { names, issuer: intermediate });
});

afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** Puts a text into a file of its own. */
function put(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, `file-${(count += 1)}`);
  writeFileSync(path, content, { mode });
  return path;
}

const chain = () => `${leaf.certificate}${intermediate.certificate}`;

interface Said {
  code: string;
  severity: string;
  line: number;
  pointer: string;
  message: string;
  help: string | null;
}

interface Asked {
  description: string;
  now: number;
  facts: Io["certificateFacts"];
}

/** Validates a description as it is, with `--files` unless other options are given. */
async function validateText(text: string, { now = Date.now(), facts = certificateFacts }: Partial<Asked> = {}, options = ["--files"]) {
  let out = "";
  const io: Io = {
    ...noSurroundings,
    stdout: { ...silent, write: (printed) => void (out += printed) },
    stderr: silent,
    read: async () => new TextEncoder().encode(text),
    certificateFacts: facts,
    now: () => now,
  };
  const status = await run(["validate", "-", "--format", "json", ...options], io);
  const { diagnostics }: { diagnostics: Said[] } = JSON.parse(out);
  for (const { code } of diagnostics) seen.add(code);
  return { status, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

/** Validates a description of given files at a given time, now by default. */
function validate({ certificate, key }: Made["files"], { description = domains, ...asked }: Partial<Asked> = {}) {
  return validateText(`${description}tls: { issuer: files, certificate: ${certificate}, key: ${key} }\n`, asked);
}

describe("good files", () => {
  test("are passed over in silence", async () => {
    expect(await validate({ certificate: put(chain()), key: put(leaf.key) })).toEqual({ status: 0, diagnostics: [], codes: [] });
  });

  test("may be symbolic links, have Windows' line ends, text round the blocks, and both in one", async () => {
    const both = put(`Bag Attributes\n${chain()}${leaf.key}`.replaceAll("\n", "\r\n"));
    const link = join(folder, "link");
    symlinkSync(both, link);
    expect((await validate({ certificate: link, key: link })).codes).toEqual([]);
  });

  test.each(["genpkey -algorithm ed25519", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", "ecparam -name prime256v1 -genkey"])("may have a key of openssl %s", async (command) => {
    const key = put(openssl(folder, ...command.split(" ")));
    openssl(folder, "req", "-new", "-key", key, "-subj", "/", "-config", "leaf.cnf", "-out", "any.csr");
    openssl(folder, "x509", "-req", "-in", "any.csr", "-CA", "intermediate.pem", "-CAkey", "intermediate.key", "-days", "90", "-extfile", "leaf.cnf", "-extensions", "extensions", "-out", "any.pem");
    const certificate = put(`${readFileSync(join(folder, "any.pem"), "utf8")}${intermediate.certificate}`);
    expect((await validate({ certificate, key })).codes).toEqual([]);
  });

  test("are not opened without --files, nor for a description that is not valid", async () => {
    const facts = () => Promise.reject(new Error("a file was opened"));
    expect((await validateText(domains, { facts }, [])).status).toBe(0);
    expect((await validateText("hostname: mail\n", { facts })).codes).toEqual(["host-name"]);
    await expect(validateText(domains, { facts })).rejects.toThrow("a file was opened");
  });

  test("are not opened for a firewall, which has none of them", async () => {
    const facts = () => Promise.reject(new Error("a file was opened"));
    expect((await validateText(`${domains}targets: [opnsense, mailcow-conf]\n`, { facts })).codes).toEqual([]);
  });
});

describe("what is no file of a certificate", () => {
  const key = () => put(leaf.key);

  test.each([
    ["is missing", () => join(folder, "nowhere"), "FILE does not exist"],
    ["is below a file", () => `${put("")}/cert.pem`, "FILE does not exist"],
    ["is a folder", () => folder, "FILE is a folder"],
    ["is a device without an end", () => "/dev/zero", "FILE is not a regular file"],
    ["has ten megabytes", () => put("A".repeat(10_000_000)), "FILE is too large for a certificate or key"],
  ])("%s", async (_name, place, message) => {
    const certificate = place();
    const { status, diagnostics } = await validate({ certificate, key: key() });
    expect(status).toBe(1);
    expect(diagnostics).toMatchObject([{ code: "certificate-file", severity: "error", pointer: "/tls/certificate", message: message.replace("FILE", certificate) }]);
  });

  test("is a FIFO that nobody writes to, or a socket", async () => {
    const fifo = join(folder, "fifo");
    expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
    const socket = join(folder, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(socket, resolve));
    const { diagnostics } = await validate({ certificate: fifo, key: socket });
    await new Promise((resolve) => void server.close(resolve));
    expect(diagnostics).toMatchObject([
      { code: "certificate-file", pointer: "/tls/certificate", message: `${fifo} is not a regular file` },
      { code: "certificate-file", pointer: "/tls/key", message: `${socket} is not a regular file` },
    ]);
  });

  test("is a symbolic link to itself", async () => {
    const loop = join(folder, "loop");
    symlinkSync("loop", loop);
    expect((await validate({ certificate: loop, key: key() })).diagnostics).toMatchObject([{ message: `${loop} is a symbolic link that leads back to itself` }]);
  });

  test("may not be read", async () => {
    const closed = put(chain(), 0o000);
    const user = process.geteuid?.() ?? 0;
    chmodSync(folder, 0o755);
    // root may read anything, so that somebody else has to look.
    if (user === 0) process.seteuid?.(65534);
    const result = await validate({ certificate: closed, key: closed }).finally(() => process.seteuid?.(user));
    chmodSync(folder, 0o700);
    expect(result.status).toBe(0);
    expect(result.diagnostics).toMatchObject([
      { code: "certificate-unread", severity: "warning", pointer: "/tls/certificate", message: `${closed} was not checked: permission denied`, help: "run this command as root; the server reads its files as root too" },
      { code: "certificate-unread", pointer: "/tls/key" },
    ]);
  });

  test.each([
    ["empty", () => "\n", "is empty"],
    ["garbage", () => "\u0000\u00ff".repeat(1000), "contains no certificate in PEM format"],
    ["text", () => "-----BEGIN CERTIFICATE----", "contains no certificate in PEM format"],
    ["a key", () => leaf.key, "contains a key but no certificate"],
    ["cut off", () => leaf.certificate.slice(0, -40), "contains a damaged certificate"],
    ["altered", () => leaf.certificate.replace(/\n.{10}/, "\nAAAAAAAAAA"), "contains a damaged certificate"],
    ["followed by a damaged one", () => `${leaf.certificate}-----BEGIN CERTIFICATE-----\n`, "contains a damaged certificate"],
    ["a million bytes of beginnings", () => "-----BEGIN CERTIFICATE-----\n".repeat(37_000), "contains a damaged certificate"],
    ["a million bytes of other beginnings", () => "-----BEGIN X-----\n".repeat(58_000), "contains no certificate in PEM format"],
  ])("is %s", async (_name, content, message) => {
    const { status, diagnostics } = await validate({ certificate: put(content()), key: key() });
    expect(status).toBe(1);
    expect(diagnostics).toMatchObject([{ code: "certificate-content", message: expect.stringContaining(message) }]);
  });

  test("is DER", async () => {
    openssl(folder, "x509", "-in", "leaf.pem", "-outform", "DER", "-out", "leaf.der");
    const { diagnostics } = await validate({ certificate: join(folder, "leaf.der"), key: key() });
    expect(diagnostics).toMatchObject([{ message: expect.stringContaining("is binary, but servers read PEM"), help: expect.stringContaining("openssl x509 -inform DER") }]);
  });

  test("is the other one", async () => {
    const { diagnostics } = await validate({ certificate: put(leaf.key), key: put(chain()) });
    expect(diagnostics).toMatchObject([{ code: "certificate-swapped", pointer: "/tls/certificate", help: "swap the two paths" }]);
  });
});

test("whatever is in the files, it is a certificate and a key or said what else", async () => {
  const begin = "-----BEGIN CERTIFICATE-----\n";
  const part = fc.oneof(
    fc.constantFrom(() => leaf.certificate, () => leaf.key, () => intermediate.certificate, () => begin, () => "-----END PRIVATE KEY-----\n", () => "\r\n"),
    fc.string({ unit: "binary" }).map((text) => () => text),
    fc.nat(500).map((length) => () => leaf.certificate.slice(0, length)),
  );
  const certificate = put("");
  const key = put("");
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.array(part, { maxLength: 6 }), async (first, second) => {
      writeFileSync(certificate, first.map((text) => text()).join(""));
      writeFileSync(key, second.map((text) => text()).join(""));
      const facts = await certificateFacts({ certificate, key });
      expect([...Object.keys(facts.certificate), ...Object.keys(facts.key)].join(" ")).toMatch(/^(?:found|instead) (?:found|instead)$/);
    }),
    { seed: 1, numRuns: 300 },
  );
});

describe("keys", () => {
  test("of another certificate", async () => {
    const { diagnostics } = await validate({ certificate: put(chain()), key: put(other.key) });
    expect(diagnostics).toMatchObject([{ code: "certificate-key", pointer: "/tls/key" }]);
  });

  test.each(["ec -aes128 -passout pass:secret", "pkcs8 -topk8 -passout pass:secret"])("encrypted by openssl %s", async (command) => {
    const key = put(openssl(folder, ...command.split(" "), "-in", "leaf.key"));
    expect((await validate({ certificate: put(chain()), key })).diagnostics).toMatchObject([{ code: "certificate-key-encrypted", pointer: "/tls/key" }]);
  });

  test("that are damaged", async () => {
    const { diagnostics } = await validate({ certificate: put(chain()), key: put(leaf.key.replace(/\n.{10}/, "\nAAAAAAAAAA")) });
    expect(diagnostics).toMatchObject([{ code: "certificate-content", pointer: "/tls/key", message: expect.stringContaining("contains a damaged key") }]);
  });

  test.each([
    [0o600, 0o755, undefined],
    [0o640, 0o755, undefined],
    [0o644, 0o755, "0644"],
    [0o602, 0o755, "0602"],
    [0o644, 0o750, undefined],
  ])("with mode %o in a folder with mode %o", async (mode, folderMode, exposed) => {
    const inside = join(folder, `folder-${(count += 1)}`, "deeper");
    mkdirSync(inside, { recursive: true });
    const key = join(inside, "key.pem");
    writeFileSync(key, leaf.key);
    chmodSync(key, mode);
    chmodSync(inside, 0o755);
    chmodSync(join(inside, ".."), folderMode);
    chmodSync(folder, 0o755);
    const { diagnostics } = await validate({ certificate: put(chain()), key });
    chmodSync(folder, 0o700);
    const message = `every user of this host can read or write ${key}, because its mode is ${exposed}`;
    expect(diagnostics).toMatchObject(exposed === undefined ? [] : [{ code: "certificate-key-exposed", severity: "error", message, help: `restrict it to its owner and group: chmod o= ${key}` }]);
  });
});

describe("chains", () => {
  test("that stand before the certificate", async () => {
    const { diagnostics } = await validate({ certificate: put(`${intermediate.certificate}${leaf.certificate}`), key: put(leaf.key) });
    expect(diagnostics).toMatchObject([{ code: "certificate-order", message: expect.stringContaining("is number 2 in") }]);
  });

  test("that stand before it, when the key cannot tell", async () => {
    const certificate = put(`${root.certificate}${intermediate.certificate}${leaf.certificate}`);
    expect((await validate({ certificate, key: put("") })).codes).toEqual(["certificate-order", "certificate-content"]);
  });

  test("that are missing, or another's", async () => {
    expect((await validate({ certificate: leaf.files.certificate, key: put(leaf.key) })).diagnostics).toMatchObject([{ code: "certificate-chain", severity: "warning" }]);
    expect((await validate({ certificate: put(`${leaf.certificate}${root.certificate}`), key: put(leaf.key) })).codes).toEqual(["certificate-chain"]);
  });

  test("are not missed by a certificate that signed itself, which is said instead", async () => {
    const self = make(folder, "self", { subject: "/CN=mail.example.org", names });
    const { status, diagnostics } = await validate(self.files);
    expect({ status, diagnostics }).toMatchObject({ status: 0, diagnostics: [{ code: "certificate-self-signed", severity: "warning", message: expect.stringContaining("refuse it") }] });
  });

  test("mailcow's own certificate is known, and nothing else is said of it", async () => {
    const self = make(folder, "snake-oil", { subject: "/C=DE/ST=NRW/L=Willich/O=mailcow/OU=mailcow/CN=mail.example.org", days: 365 });
    const { diagnostics } = await validate(self.files, { now: Date.now() + 1000 * day });
    expect(diagnostics).toMatchObject([{ code: "certificate-self-signed", message: expect.stringContaining("that mailcow creates at installation") }]);
  });
});

describe("names", () => {
  const said = async (wanted: readonly string[], description = domains) => {
    const made = make(folder, `names-${(count += 1)}`, { names: wanted, issuer: intermediate, subject: "/CN=mail.example.org" });
    const { diagnostics } = await validate({ certificate: put(`${made.certificate}${intermediate.certificate}`), key: made.files.key }, { description });
    return diagnostics.map(({ code, severity, pointer, message, help }) => ({ code, severity, pointer, message: message.replace(/^\S* /, ""), help }));
  };

  test("are missed where they are described", async () => {
    const description = "hostname: mail.example.org\nmail_domains: [example.org, example.net]\nadditional_server_names: [webmail.example.org, mail.example.org, bücher.example]\n";
    expect(await said(["MAIL.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org", "mta-sts.example.net", "xn--bcher-kva.example"], description)).toEqual([
      {
        code: "certificate-discovery",
        severity: "warning",
        pointer: "/mail_domains/1",
        message: "is not valid for autodiscover.example.net and autoconfig.example.net",
        help: "get a certificate with these names too, or leave those that do not exist out of discovery",
      },
      {
        code: "certificate-name",
        severity: "error",
        pointer: "/additional_server_names/0",
        message: "is not valid for webmail.example.org",
        help: "it is valid for mail.example.org, autodiscover.example.org, autoconfig.example.org and 3 more; get a certificate for all described names",
      },
    ]);
  });

  test("that are only in the certificate are missed, too", async () => {
    const description = "hostname: mail.example.org\nmail_domains: [example.org]\ncertificate_names: [imap.example.org, \"smtp.*\", \"*.example.net\"]\n";
    const own = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"];
    expect(await said([...own, "imap.example.org", "smtp.example.org", "*.example.net"], description)).toEqual([]);
    expect(await said([...own, "a.example.net"], description)).toMatchObject([
      { code: "certificate-name", severity: "error", pointer: "/certificate_names/0", message: "is not valid for imap.example.org" },
      { code: "certificate-name", severity: "error", pointer: "/certificate_names/1", message: "is not valid for smtp.example.org" },
      { code: "certificate-name", severity: "error", pointer: "/certificate_names/2", message: "is not valid for *.example.net" },
    ]);
    const anyDomain = "hostname: mail.example.org\ncertificate_names: [\"imap.*\"]\n";
    expect(await said(["mail.example.org", "autodiscover.a.example", "autoconfig.a.example", "mta-sts.a.example"], anyDomain)).toMatchObject([{ code: "certificate-name", pointer: "/certificate_names/0", message: "is not valid for imap.*" }]);
  });

  test("that are left out of discovery, and a hostname that is not served, are not missed", async () => {
    const description = "hostname: mailcow.internal.example\nserve_hostname: false\nmail_domains: [example.org]\ndiscovery: [autodiscover]\nadditional_server_names: [mail.example.org]\n";
    expect(await said(["mail.example.org", "autodiscover.example.org"], description)).toEqual([]);
    expect(await said(["autoconfig.example.org", "mta-sts.example.org"], description)).toMatchObject([
      { code: "certificate-discovery", pointer: "/mail_domains/0", message: "is not valid for autodiscover.example.org" },
      { code: "certificate-name", pointer: "/additional_server_names/0", message: "is not valid for mail.example.org" },
    ]);
    expect(await said(["mail.example.org"], "hostname: mail.example.org\ndiscovery: []\n")).toEqual([]);
  });

  test("of other sites are missed", async () => {
    expect(await said(["mail.example.org", "cloud.example.org"], "hostname: mail.example.org\nmail_domains: []\nother_sites: [cloud.example.org, portainer.example.org]\n")).toMatchObject([
      { code: "certificate-name", severity: "error", pointer: "/other_sites/1", message: "is not valid for portainer.example.org" },
    ]);
  });

  test("are covered by wildcards for one label", async () => {
    expect(await said(["*.example.org"])).toEqual([]);
    const missed = await said(["*.example.org", "*.org"], "hostname: a.mail.example.org\nmail_domains: []\n");
    expect(missed).toMatchObject([{ code: "certificate-name", pointer: "/hostname", message: "is not valid for a.mail.example.org" }]);
  });

  test("do not come from the common name", async () => {
    expect(await said([], "hostname: mail.example.org\nmail_domains: []\n")).toMatchObject([{ code: "certificate-name", help: "it has no subjectAltName, and clients check no other field" }]);
  });

  test("of mail domains that have certificates of their own are not missed", async () => {
    const made = make(folder, `names-${(count += 1)}`, { names: ["mail.example.org"], issuer: intermediate });
    const facts = () => certificateFacts({ certificate: put(`${made.certificate}${intermediate.certificate}`), key: made.files.key });
    expect((await validateText(`${domains}tls: { sni: true }\n`, { facts })).codes).toEqual([]);
    expect((await validateText(domains, { facts })).codes).toEqual(["certificate-discovery"]);
  });

  test("do not come from inside another name", async () => {
    expect(await said(["a.example, DNS:mail.example.org"], "hostname: mail.example.org\nmail_domains: []\n")).toMatchObject([{ code: "certificate-name" }]);
  });

  test("of any domain do without mail_domains, and none is said", async () => {
    const description = "hostname: mail.example.org\n";
    expect(await said(["mail.example.org", "autodiscover.example.net", "autoconfig.example.net", "mta-sts.example.net"], description)).toEqual([]);
    expect(await said(["mail.example.org", "*.example.net"], description)).toEqual([]);
    expect(await said(["mail.example.org", "autodiscover.example.net"], description)).toMatchObject([
      { code: "certificate-discovery", pointer: "/hostname", message: "is not valid for autoconfig.* and mta-sts.*" },
    ]);
  });

  test("are reported up to a hundred", async () => {
    const many = Array.from({ length: 300 }, (_, index) => `d${index}.example`).join(", ");
    const missed = await said(["mail.example.org"], `hostname: mail.example.org\nmail_domains: [${many}]\n`);
    expect(missed.map(({ code }) => code)).toEqual(expect.arrayContaining(["more"]));
    expect(missed).toHaveLength(101);
  });
});

describe("dates", () => {
  const end = () => Date.parse(openssl(folder, "x509", "-in", "leaf.pem", "-noout", "-enddate").replace("notAfter=", ""));
  const at = (now: number) => validate({ certificate: put(chain()), key: put(leaf.key) }, { now });

  test("are those of the certificate, with 22 days and a half of 90 to warn in", async () => {
    expect((await at(end() - 23 * day)).codes).toEqual([]);
    expect(await at(end() - 22 * day)).toMatchObject({ status: 0, diagnostics: [{ code: "certificate-expires", severity: "warning", message: expect.stringMatching(/ expires on \d{4}-\d\d-\d\d \d\d:\d\d UTC, in 22 days$/) }] });
    expect(await at(end() + 60_000)).toMatchObject({ status: 1, diagnostics: [{ code: "certificate-expired", severity: "error", message: expect.stringMatching(/ UTC, less than two hours ago$/) }] });
    expect(await at(end() - 91 * day)).toMatchObject({ status: 1, diagnostics: [{ code: "certificate-not-yet-valid", message: expect.stringMatching(/ is not valid until \S+ \S+ UTC, in 24 hours$/) }] });
  });

  const dated = (lifetime: number, left: number) => {
    const notAfter = Date.UTC(2026, 10, 25);
    const found: Certificate = { names, notBefore: notAfter - lifetime * day, notAfter, issuer: "in the file", placeholder: false, position: 0 };
    const facts: CertificateFacts = { certificate: { found }, key: { found: { encrypted: false, belongs: true, exposed: undefined } } };
    return validate({ certificate: "/a", key: "/b" }, { facts: async () => facts, now: notAfter - left * day });
  };

  test.each([
    [6, 1.6, 1.4, "in 33 hours"],
    [45, 12, 11, "in 11 days"],
    [90, 22.6, 22.4, "in 22 days"],
    [365, 30.1, 29.9, "in 29 days"],
    [3650, 31, 2, "in 2 days"],
  ])("of %d days are warned of between %d and %d days before the end", async (lifetime, early, late, span) => {
    expect((await dated(lifetime, early)).codes).toEqual([]);
    expect((await dated(lifetime, late)).diagnostics).toMatchObject([{ code: "certificate-expires", message: `/a expires on 2026-11-25 00:00 UTC, ${span}` }]);
  });
});

test.each([
  ["tls: { issuer: certbot }\n", "/tls/issuer", "/etc/letsencrypt/live/mail.example.org/fullchain.pem"],
  ["", "/hostname", "/opt/mailcow-dockerized/data/assets/ssl/cert.pem"],
  ["mailcow: { http: { bind: 10.0.0.5 } }\nproxy: { addresses: [10.0.0.4] }\ntargets: [nginx, systemd]\ncertificate_names: [imap.example.org]\n", "/hostname", "/etc/ssl/mailcow-mail.example.org/cert.pem"],
])("with %j what is missing stands at %s", async (tls, pointer, path) => {
  const opened: string[] = [];
  const facts = async ({ certificate, key }: Made["files"]): Promise<CertificateFacts> => {
    opened.push(certificate, key);
    return { certificate: { fault: { kind: "missing" } }, key: { fault: { kind: "missing" } } };
  };
  const { status, diagnostics } = await validateText(`# ours\n${domains}${tls}`, { facts });
  expect(status).toBe(1);
  expect(opened[0]).toBe(path);
  const line = pointer === "/hostname" ? 2 : 4;
  expect(diagnostics).toMatchObject([{ code: "certificate-file", pointer, line, message: `${path} does not exist` }, { pointer, line }]);
});

test("names that only mail clients use are not expected beside acme-mailcow's certificate", async () => {
  const files = { certificate: put(chain()), key: put(leaf.key) };
  const codesWith = async (acme: boolean) => (await validateText(`${domains}certificate_names: [imap.example.org, "smtp.*"]\ntls: { issuer: files, certificate: ${files.certificate}, key: ${files.key}, acme_mailcow: ${acme} }\n`)).codes;
  expect(await codesWith(true)).toEqual([]);
  expect(new Set(await codesWith(false))).toEqual(new Set(["certificate-name"]));
});

describe("the folder of an ACME client", () => {
  const tokens = () => join(folder, "acme/.well-known/acme-challenge");
  /** Makes a folder that everyone can enter, whatever the umask is. */
  const open = (path: string) => {
    mkdirSync(path);
    chmodSync(path, 0o755);
  };
  const look = async (webroot: string) => {
    chmodSync(folder, 0o755);
    const { diagnostics } = await validateText(`${domains}tls: { issuer: files, certificate: ${put(chain())}, key: ${put(leaf.key)}, acme_webroot: ${webroot} }\ntargets: [nginx]\n`).finally(() => chmodSync(folder, 0o700));
    return diagnostics;
  };

  test("that is missing is warned of, but not those that the client creates in it", async () => {
    const webroot = join(folder, "acme");
    expect(await look(webroot)).toMatchObject([{ code: "acme-webroot-closed", severity: "warning", pointer: "/tls/acme_webroot", message: `${webroot} does not exist, so no challenge is answered from it` }]);
    open(webroot);
    expect(await look(webroot)).toEqual([]);
    open(join(webroot, ".well-known"));
    open(tokens());
    expect(await look(webroot)).toEqual([]);
  });

  test("that only root can enter is warned of, on the whole way to the tokens", async () => {
    for (const closed of [tokens(), join(folder, "acme")]) {
      chmodSync(closed, 0o700);
      const message = `the server's workers cannot enter ${closed} (mode 0700), so they find no token below ${join(folder, "acme")}`;
      // Another user's folder may be that of the workers.
      expect(await look(join(folder, "acme"))).toMatchObject(process.geteuid?.() === 0 ? [{ code: "acme-webroot-closed", message, help: `run chmod o+x ${closed}` }] : []);
    }
  });

  test("that only root can enter has a message for every user", async () => {
    const facts = async (): Promise<CertificateFacts> => ({ webroot: { folder: "/srv", mode: "0700" }, certificate: { fault: { kind: "missing" } }, key: { fault: { kind: "missing" } } });
    expect((await validateText(`${domains}tls: { acme_webroot: /srv/acme }\ntargets: [nginx, systemd]\n`, { facts })).codes).toContain("acme-webroot-closed");
  });
});

test("every code on these files was met above", () => {
  expect([...seen].filter((code) => code in certificateMessages).toSorted()).toEqual(Object.keys(certificateMessages).toSorted());
});
