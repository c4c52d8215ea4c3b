/** The script that copies the certificates of a proxy that orders them itself, on certificates of openssl. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Pair, chain, issue } from "./world/certificate.ts";
import { Host, mailcow, ssl } from "./world/host.ts";
import type { Outcome } from "./world/tree.ts";

const description = "hostname: mail.example.org\nmail_domains: [example.org]\ndiscovery: [autodiscover]\ncertificate_names: [imap.example.org]\ntls: { issuer: proxy }\ntargets: [caddy, systemd]\n";
const storage = "/var/lib/caddy/.local/share/caddy/certificates";
const [first, second] = ["acme-v02.api.letsencrypt.org-directory", "acme.zerossl.com-v2-dv90"] as const;
const names = ["mail.example.org", "autodiscover.example.org", "imap.example.org"] as const;
const backups = "/var/lib/mailcow-mail.example.org-copy/backups";
const restart = ["docker compose restart postfix-mailcow dovecot-mailcow nginx-mailcow", mailcow];

let host: Host;
beforeEach(() => {
  host = new Host(description);
  host.write("/etc/caddy/Caddyfile.d/mailcow-mail.example.org.caddyfile", "");
});
afterEach(() => host.dispose());

function copy(): Promise<Outcome> {
  return host.run("/usr/local/sbin/mailcow-mail.example.org-copy.sh", []);
}

/** Puts a certificate where Caddy keeps it. */
function keep(name: string, { certificate, key }: Pair, authority: string = first): void {
  host.write(`${storage}/${authority}/${name}/${name}.crt`, certificate);
  host.write(`${storage}/${authority}/${name}/${name}.key`, key);
}

/** What mailcow has for a name in a folder of its own. */
function own(name: string): Record<string, string> {
  return Object.fromEntries(["cert.pem", "key.pem", "domains"].map((file) => [file, host.read(`${ssl}/${name}/${file}`)]));
}

const calls = () => host.calls().filter((line) => !line.startsWith("serial="));

test("every name gets its certificate, and mailcow is restarted once", async () => {
  const pairs = new Map(names.map((name) => [name, issue([name])]));
  for (const [name, pair] of pairs) keep(name, pair);
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(host.installed).toEqual(pairs.get("mail.example.org"));
  for (const name of names.slice(1)) expect(own(name)).toEqual({ "cert.pem": pairs.get(name)?.certificate, "key.pem": pairs.get(name)?.key, domains: `${name}\n` });
  expect([host.mode(`${ssl}/imap.example.org`), host.mode(`${ssl}/imap.example.org/cert.pem`), host.mode(`${ssl}/imap.example.org/key.pem`)]).toEqual(["0755", "0644", "0600"]);
  expect(calls()).toEqual(restart);
  // The second time there is nothing to do.
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(calls()).toEqual([]);
});

test("a renewed certificate replaces the old one, without a backup of our own folder", async () => {
  for (const name of names) keep(name, issue([name]));
  expect((await copy()).status).toBe(0);
  const renewed = issue(["imap.example.org"]);
  keep("imap.example.org", renewed);
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(own("imap.example.org")).toEqual({ "cert.pem": renewed.certificate, "key.pem": renewed.key, domains: "imap.example.org\n" });
  expect(host.has(`${backups}/imap.example.org`)).toBe(false);
  expect(calls()).toEqual([...restart, ...restart]);
});

test("one certificate with all names needs no folders, and takes the place of older ones", async () => {
  const pair = issue(names);
  for (const name of names) keep(name, pair);
  host.write(`${ssl}/imap.example.org/domains`, "imap.example.org autodiscover.example.org");
  host.write(`${ssl}/imap.example.org/cert.pem`, "old");
  host.write(`${ssl}/imap.example.org/key.pem`, "old");
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(host.installed).toEqual(pair);
  expect(host.has(`${ssl}/imap.example.org`)).toBe(false);
  expect(host.has(`${backups}/imap.example.org`)).toBe(true);
});

test("the folder of another program is kept in the backups", async () => {
  for (const name of names) keep(name, issue([name]));
  host.write(`${ssl}/autodiscover.example.org/domains`, "autodiscover.example.org autoconfig.example.org");
  host.write(`${ssl}/autodiscover.example.org/cert.pem`, "old");
  host.write(`${ssl}/autodiscover.example.org/key.pem`, "old");
  expect((await copy()).status).toBe(0);
  expect(own("autodiscover.example.org")["domains"]).toBe("autodiscover.example.org\n");
  expect(host.has(`${backups}/autodiscover.example.org`)).toBe(true);
});

test("what cannot be used is passed over: another authority's is taken", async () => {
  const good = new Map(names.map((name) => [name, issue([name])]));
  for (const [name, pair] of good) keep(name, pair, second);
  // A key of another certificate, and a certificate of another name.
  keep("mail.example.org", { certificate: issue(["mail.example.org"]).certificate, key: issue(["mail.example.org"]).key });
  keep("imap.example.org", issue(["other.example.org"]));
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(host.installed).toEqual(good.get("mail.example.org"));
  expect(own("imap.example.org")["cert.pem"]).toBe(good.get("imap.example.org")?.certificate);
});

test("without the certificate of the host nothing is changed; without another one, the rest is done", async () => {
  const before = host.everything(ssl);
  expect(await copy()).toEqual({ status: 1, said: "mailcow-mail.example.org-copy: the proxy has no certificate for mail.example.org yet; its log says why\n" });
  expect(host.everything(ssl)).toEqual(before);
  keep("mail.example.org", issue(["mail.example.org"]));
  keep("imap.example.org", issue(["imap.example.org"]));
  expect(await copy()).toEqual({ status: 1, said: "mailcow-mail.example.org-copy: the proxy has no certificate for autodiscover.example.org yet; its log says why\n" });
  expect(own("imap.example.org")["domains"]).toBe("imap.example.org\n");
  expect(calls()).toEqual(restart);
});

test("a link in the place of the key is not followed", async () => {
  for (const name of names) keep(name, issue([name]));
  host.write("/var/lib/secret.pem", chain);
  host.remove(`${storage}/${first}/mail.example.org/mail.example.org.key`);
  host.link(`${storage}/${first}/mail.example.org/mail.example.org.key`, "/var/lib/secret.pem");
  expect((await copy()).status).toBe(1);
});
