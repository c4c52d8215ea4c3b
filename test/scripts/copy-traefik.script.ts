/** The script that copies Traefik's certificates: from an acme.json of ours, and from that of Traefik itself with a CA for tests. */
import { X509Certificate } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { bringCurrent } from "../current-servers.js";
import { sayNotTried } from "../not-tried.js";
import { type Pair, issue } from "./world/certificate.ts";
import { Host, mailcow, ssl } from "./world/host.ts";
import { directory, startPebble, writePebble } from "./world/pebble.ts";
import type { Outcome } from "./world/tree.ts";

const described = (tls: string, targets: string) => `hostname: mail.example.org\nmail_domains: [example.org]\ndiscovery: [autodiscover]\ncertificate_names: [imap.example.org]\ntls: { issuer: proxy, ${tls} }\ntargets: [${targets}]\n`;
const copied = described("email: you@example.org", "traefik, systemd");
const storage = "/var/lib/traefik/acme.json";
const script = "/usr/local/sbin/mailcow-mail.example.org-copy.sh";
const names = ["mail.example.org", "autodiscover.example.org", "imap.example.org"] as const;
const restart = ["docker compose restart postfix-mailcow dovecot-mailcow nginx-mailcow", mailcow];

let host: Host;
afterEach(() => host.dispose());

function copy(): Promise<Outcome> {
  return host.run(script, []);
}

interface Stored {
  readonly domain: { readonly main: string; readonly sans?: readonly string[] };
  readonly pair: Pair;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Writes what a resolver has, as Traefik does. */
function store(stored: readonly Stored[], resolver = "letsencrypt"): void {
  const certificates = stored.map(({ domain, pair }) => ({ domain, certificate: base64(pair.certificate), key: base64(pair.key), Store: "default" }));
  host.write(storage, JSON.stringify({ [resolver]: { Account: { Email: "you@example.org" }, Certificates: certificates } }, null, 2), 0o600);
}

const stored = (name: string, pair = issue([name])): Stored => ({ domain: { main: name }, pair });
const calls = () => host.calls().filter((line) => !line.startsWith("serial="));

test("each name gets its own certificate, a wildcard's or one that has it beside others, and of several the one that expires last", async () => {
  host = new Host(copied);
  const [main, imap, several] = [issue(["mail.example.org"], { days: 9 }), issue(["*.example.org"], { days: 3 }), issue(["www.example.org", "autodiscover.example.org"], { days: 9 })];
  store([
    stored("mail.example.org"),
    stored("mail.example.org", main),
    // What cannot be used is passed over.
    stored("mail.example.org", { certificate: issue(["mail.example.org"], { days: 20 }).certificate, key: main.key }),
    stored("imap.example.org", issue(["imap.example.org"], { days: -1 })),
    stored("imap.example.org", { certificate: "", key: "" }),
    { domain: { main: "*.example.org" }, pair: imap },
    { domain: { main: "www.example.org", sans: ["autodiscover.example.org"] }, pair: several },
  ]);
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(host.installed).toEqual(main);
  expect({ certificate: host.read(`${ssl}/imap.example.org/cert.pem`), key: host.read(`${ssl}/imap.example.org/key.pem`) }).toEqual(imap);
  expect(host.read(`${ssl}/autodiscover.example.org/cert.pem`)).toBe(several.certificate);
  expect(calls()).toEqual(restart);
  // The second time there is nothing to do.
  expect(await copy()).toEqual({ status: 0, said: "" });
  expect(calls()).toEqual([]);
});

const lacking = { status: 1, said: "mailcow-mail.example.org-copy: the proxy has no certificate for mail.example.org yet; its log says why\n" };

test("no file, a file without certificates, another resolver's and what is not JSON change nothing", async () => {
  host = new Host(copied);
  const before = host.everything(ssl);
  expect(await copy()).toEqual(lacking);
  for (const text of ["", "{", "[]", '{"letsencrypt":{"Account":null,"Certificates":null}}', '{"letsencrypt":{"Certificates":[{"domain":null}]}}']) {
    host.write(storage, text);
    expect(await copy()).toEqual(lacking);
  }
  store(names.map((name) => stored(name)), "other");
  expect(await copy()).toEqual(lacking);
  expect(host.everything(ssl)).toEqual(before);
});

test("without jq it says what is missing", async () => {
  host = new Host(copied);
  store(names.map((name) => stored(name)));
  const commands = `mkdir /without; for folder in /usr/sbin /usr/bin; do ln -sf "$folder"/* /without; done; rm /without/jq; sed 's|^PATH=.*|PATH=/without|' ${script} >/copy.sh; exec sh /copy.sh`;
  expect(await host.run("sh", ["-c", commands])).toEqual({ status: 2, said: `mailcow-mail.example.org-copy: jq is not installed, and without it ${storage} cannot be read\n` });
});

const { programs, missing } = bringCurrent(["traefik"]);
const traefik = programs.get("traefik");
if (traefik === undefined) sayNotTried(missing.map((sentence) => `Certificates that Traefik orders were not tried. ${sentence}`));

/** Only the first `count` of the names have a certificate. Starts Pebble, whose DNS knows every name as this host, and Traefik with the generated files, then waits for certificates. */
const order = (count: number) => `
exec >/commands.log 2>&1
# Traefik writes a certificate to its file before it serves it.
serves() { openssl s_client -connect 127.0.0.1:443 -servername "$1" </dev/null 2>/dev/null | openssl x509 >"/served.$1" && openssl x509 -in "/served.$1" -noout -issuer | grep -q Pebble; }
has_all() { [ "$(jq '[.[].Certificates[]?] | length' ${storage} 2>/dev/null)" = ${count} ]; }
${startPebble}LEGO_CA_CERTIFICATES=/api.pem traefik --configfile=/etc/traefik/traefik.yml >/traefik.log 2>&1 &
wait_for has_all
for name in ${names.slice(0, count).join(" ")}; do wait_for serves "$name"; done
for name in ${names.slice(count).join(" ")}; do serves "$name" || :; done
`;

/** Makes a host on which Traefik can order from Pebble. */
function orderingHost(description: string): Host {
  const made = new Host(description);
  writePebble(made);
  const settings = parseDocument(made.read("/etc/traefik/traefik.yml"));
  settings.setIn(["certificatesResolvers", "letsencrypt", "acme", "caServer"], directory);
  made.write("/etc/traefik/traefik.yml", settings.toString());
  // Its unit has this folder as StateDirectory.
  made.write("/var/lib/traefik/.keep", "");
  made.write("/usr/local/sbin/traefik", "", 0o755);
  return made;
}

function runCommands(commands: string): Promise<Outcome> {
  host.write("/commands.sh", commands);
  return host.run("sh", ["/commands.sh"], { network: true, before: `mount --bind ${traefik?.program} "$root/usr/local/sbin/traefik" || exit 99` });
}

const logs = () => ["commands", "dns", "pebble", "traefik"].map((name) => `/${name}.log`).filter((path) => host.has(path)).map((path) => host.read(path));
const served = (name: string) => new X509Certificate(host.read(`/served.${name}`));

test.skipIf(traefik === undefined)("Traefik orders a certificate for every name, and mailcow gets what it serves", async () => {
  host = orderingHost(copied);
  const { status } = await runCommands(`${order(names.length)}\n${script} || exit 97\n`);
  expect({ status, logs: status === 0 ? [] : logs() }).toEqual({ status: 0, logs: [] });
  expect(host.mode(storage)).toBe("0600");
  for (const name of names) {
    const certificate = new X509Certificate(host.read(name === names[0] ? `${ssl}/cert.pem` : `${ssl}/${name}/cert.pem`));
    expect(certificate.subjectAltName).toBe(`DNS:${name}`);
    expect(certificate.serialNumber).toBe(served(name).serialNumber);
  }
  // The whole chain.
  expect(host.installed.certificate.match(/BEGIN CERTIFICATE/g)?.length).toBe(2);
  expect(calls()).toEqual(restart);
});

test.skipIf(traefik === undefined)("beside acme-mailcow's, Traefik orders certificates over TLS, and only for the names that it serves", async () => {
  host = orderingHost(described("acme_mailcow: true", "traefik"));
  const { status } = await runCommands(order(names.length - 1));
  expect({ status, logs: status === 0 ? [] : logs() }).toEqual({ status: 0, logs: [] });
  for (const name of ["mail.example.org", "autodiscover.example.org"]) expect(served(name).subjectAltName).toBe(`DNS:${name}`);
  expect(served("imap.example.org").subjectAltName).toMatch(/\.traefik\.default$/);
});
