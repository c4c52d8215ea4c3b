/** A lint of the output for mailcow's own files: what none of it may have, and what would have it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readDovecotConf } from "../../src/core/dovecot/settings.ts";
import { entriesOf, readMainCf } from "../../src/core/main-cf/parameters.ts";
import { checker } from "../../src/pipeline/check.ts";
import { targets } from "../../src/targets/index.ts";
import { cases, filesBelow, snapshots } from "../support.ts";

const outputs = filesBelow(snapshots).filter((path) => /^(?:ok|shared)\//.test(path));

interface Rule<Content> {
  readonly name: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** What breaks it. */
  readonly bad: string;
  /** @returns what breaks it */
  readonly check: (content: Content) => unknown[];
}

const valueIn = (text: string, name: string) => readMainCf(text).parameters.find((parameter) => parameter.name === name)?.value ?? "";

const mainCf: readonly Rule<string>[] = [
  {
    name: "only-sending", why: "a parameter of smtpd, or of who may relay, could make an open relay", bad: "mynetworks = 0.0.0.0/0\n",
    check: (text) => readMainCf(text).parameters.map(({ name }) => name).filter((name) => !["myhostname", "relayhost", "smtp_sasl_password_maps", "smtp_tls_policy_maps"].includes(name)),
  },
  {
    name: "name-first", why: "each start of mailcow's Postfix would change the file", bad: "# a head\nmyhostname = mail.example.org\n",
    check: (text) => (/^myhostname = \S+\n/.test(text) && text.split("myhostname").length === 2 ? [] : [text.split("\n", 1)[0]]),
  },
  { name: "no-backslash", why: "mailcow's start expands it", bad: "myhostname = a\n# \\n\n", check: (text) => text.match(/\\/g) ?? [] },
  { name: "one-line-end", why: "mailcow's start removes the others", bad: "myhostname = a\n\n", check: (text) => (/[^\n]\n$/.test(text) ? [] : ["the end"]) },
  {
    name: "tls-required", why: "mail and password would go in clear", bad: "relayhost = [a.example]:587\nsmtp_tls_policy_maps = inline:{ { [a.example]:587 = may } }\n",
    check: (text) => (["secure", "encrypt"].some((level) => entriesOf(valueIn(text, "smtp_tls_policy_maps"))[0] === `inline:{ { ${valueIn(text, "relayhost")} = ${level} } }`) ? [] : [valueIn(text, "smtp_tls_policy_maps")]),
  },
  {
    name: "mailcows-tables", why: "logins and policies of mailcow's UI would be lost", bad: "smtp_sasl_password_maps = texthash:/opt/postfix/conf/sql/x\n",
    check: (text) => ["smtp_sasl_password_maps", "smtp_tls_policy_maps"].filter((name) => valueIn(text, name) !== "" && !valueIn(text, name).includes("proxy:mysql:/opt/postfix/conf/sql/")),
  },
  {
    name: "no-secret", why: "everyone can read the file", bad: "smtp_sasl_password_maps = static:user:password\n",
    check: (text) => entriesOf(valueIn(text, "smtp_sasl_password_maps")).filter((entry) => !/^(?:proxy:mysql|texthash):\/opt\/postfix\/conf\/sql\/\w+(?:\.cf)?$/.test(entry)),
  },
];

const compose: readonly Rule<{ services?: Record<string, Record<string, unknown>> }>[] = [
  {
    name: "only-services", why: "networks, volumes and ports are mailcow's", bad: "services: { a: { ports: ['25:25'] } }\n",
    check: (document) => [...Object.keys(document).filter((key) => key !== "services"), ...Object.values(document.services ?? {}).flatMap((service) => Object.keys(service).filter((key) => key !== "logging"))],
  },
  {
    name: "logs-on-loopback", why: "the lines have addresses of people, and would leave the host in clear", bad: "services: { a: { logging: { driver: syslog, options: { syslog-address: 'udp://192.0.2.1:524' } } } }\n",
    check: ({ services = {} }) => Object.values(services).map((service) => JSON.stringify(service["logging"])).filter((logging) => !/^\{"driver":"syslog","options":\{"syslog-address":"(?:udp|tcp):\/\/127\.0\.0\.1:\d+","tag":"\{\{\.Name\}\}"\}\}$/.test(logging)),
  },
];

function lint<Content>(title: string, ending: string, rules: readonly Rule<Content>[], read: (text: string) => Content): void {
  describe(title, () => {
    const files = outputs.filter((path) => path.split("/").at(-2) === title && path.endsWith(ending)).map((path) => ({ path, content: read(readFileSync(join(snapshots, path), "utf8")) }));

    test("there is something to look at", () => expect(files.length).toBeGreaterThan(1));
    test.each(rules)("$name: what breaks it is found", ({ bad, check }) => expect(check(read(bad))).not.toEqual([]));
    test.each(rules)("$name holds in every output", ({ check }) => {
      expect(files.map(({ path, content }) => ({ path, breaks: check(content) })).filter(({ breaks }) => breaks.length > 0)).toEqual([]);
    });
  });
}

lint("relayhost", ".cf", mainCf, (text) => text);
const labels: typeof compose = [
  {
    name: "only-labels", why: "networks, volumes and ports are mailcow's", bad: "services: { a: { networks: [x] } }\n",
    check: (document) => [...Object.keys(document).filter((key) => key !== "services"), ...Object.entries(document.services ?? {}).flatMap(([name, service]) => [...(name === "nginx-mailcow" ? [] : [name]), ...Object.keys(service).filter((key) => key !== "labels")])],
  },
  {
    name: "only-http", why: "a router for TCP would take the connections before all others", bad: "services: { nginx-mailcow: { labels: { traefik.tcp.routers.a.rule: 'HostSNI(`*`)' } } }\n",
    check: (document) => labelsIn(document).map(([name]) => name).filter((name) => !/^traefik\.(?:enable|docker\.network|http\.(?:routers|middlewares|services)\.mailcow-[\w-]+\.[\w.-]+)$/.test(name)),
  },
  {
    name: "no-variable", why: "compose would put the value of a variable there", bad: "services: { nginx-mailcow: { labels: { traefik.enable: '^a$' } } }\n",
    check: (document) => labelsIn(document).filter(([, value]) => value.replaceAll("$$", "").includes("$")).map(([name]) => name),
  },
  {
    name: "no-hash", why: "everyone who may use Docker reads labels", bad: "services: { nginx-mailcow: { labels: { traefik.http.middlewares.mailcow-a.basicAuth.users: 'a:$$2y$$10$$x' } } }\n",
    check: (document) => labelsIn(document).filter(([name, value]) => name.includes("basicAuth") || value.includes("$$2y$$")).map(([name]) => name),
  },
];

function labelsIn({ services = {} }: { readonly services?: Record<string, Record<string, unknown>> }): [string, string][] {
  return Object.values(services).flatMap(({ labels: all }) => typeof all === "object" && all !== null ? Object.entries(all).map(([name, value]): [string, string] => [name, String(value)]) : []);
}

lint("traefik-labels", ".override", labels, (text): { services?: Record<string, Record<string, unknown>> } => parse(text));
/** mailcow's ports that expect PROXY protocol, by its own master.cf and dovecot.conf. */
const proxied: ReadonlySet<number> = new Set([10025, 10465, 10587, 10143, 10993, 10110, 10995, 14190]);

const ports: typeof compose = [
  {
    name: "only-ports", why: "networks, volumes and labels are mailcow's", bad: "services: { postfix-mailcow: { ports: [], networks: [x] } }\n",
    check: (document) => [...Object.keys(document).filter((key) => key !== "services"), ...Object.values(document.services ?? {}).flatMap((service) => Object.keys(service).filter((key) => key !== "ports"))],
  },
  {
    name: "not-everywhere", why: "anybody could send mail through the host with a PROXY header", bad: "services: { postfix-mailcow: { ports: ['10025:10025'] } }\n",
    check: (document) => portsIn(document).filter((port) => !/^\$\{[A-Z]+_PORT_HAPROXY:-127\.0\.0\.1:(\d+)\}:\1$/.test(port)),
  },
  {
    name: "only-proxied", why: "a proxy that sends PROXY protocol to another port gets no session", bad: "services: { postfix-mailcow: { ports: ['${SMTP_PORT_HAPROXY:-127.0.0.1:25}:25'] } }\n",
    check: (document) => portsIn(document).filter((port) => !proxied.has(Number(port.slice(port.lastIndexOf(":") + 1)))),
  },
];

function portsIn({ services = {} }: { readonly services?: Record<string, Record<string, unknown>> }): string[] {
  return Object.values(services).flatMap(({ ports: list }) => (Array.isArray(list) ? list.map(String) : []));
}

const dovecot: readonly Rule<string>[] = [
  {
    name: "only-trust", why: "everything else is the administrator's", bad: "listen = *\n",
    check: (text) => readDovecotConf(text).settings.map((setting) => setting.name).filter((name) => name !== "haproxy_trusted_networks"),
  },
  {
    name: "single-hosts", why: "somebody else in the network may log in without TLS as SOGo", bad: "haproxy_trusted_networks = 10.13.13.0/24\n",
    check: (text) => readDovecotConf(text).settings.flatMap(({ value }) => value.split(" ")).filter((address) => !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)),
  },
];

lint("mail-ports", ".org.conf", dovecot, (text) => text);
lint("mail-ports", ".yml", ports, (text): { services?: Record<string, Record<string, unknown>> } => parse(text));

describe("mailcow.conf with mail ports", () => {
  /** Values of the keys for a proxy. */
  const open = (text: string) => text.match(/^\w+_PORT_HAPROXY=.*$/gm) ?? [];
  const wrong = (text: string) => open(text).filter((line) => !/=\d+(?:\.\d+){3}:\d+$/.test(line) || line.includes("=0.0.0.0:") || !proxied.has(Number(line.slice(line.lastIndexOf(":") + 1))));
  const files = outputs.filter((path) => path.split("/").at(-2) === "mailcow-conf").map((path) => ({ path, text: readFileSync(join(snapshots, path), "utf8") }));

  test("there is something to look at", () => expect(files.filter(({ text }) => open(text).length > 0).length).toBeGreaterThan(1));
  test.each(["SMTP_PORT_HAPROXY=10025", "SMTP_PORT_HAPROXY=0.0.0.0:10025", "SMTP_PORT_HAPROXY=[::]:10025", "SMTP_PORT_HAPROXY=10.13.13.2:25"])("%s is found", (line) => expect(wrong(line)).toEqual([line]));
  test("no port is published on every address", () => expect(files.flatMap(({ text }) => wrong(text))).toEqual([]));
  test("no plain port moves", () => expect(files.flatMap(({ text }) => text.match(/^(?:SMTPS?|SUBMISSION|IMAPS?|POPS?|SIEVE)_PORT=.*$/gm) ?? [])).toEqual([]));
});

describe("every output", () => {
  const dangers = /^\s*(?:mynetworks\w*|postscreen_upstream_proxy_protocol|smtpd_upstream_proxy_protocol)\b/m;

  test("asks for no network that may relay, and for no PROXY protocol on the plain ports", () => {
    expect(["mynetworks = 10.13.13.1", "postscreen_upstream_proxy_protocol = haproxy"].filter((line) => !dangers.test(line))).toEqual([]);
    expect(outputs.filter((path) => dangers.test(readFileSync(join(snapshots, path), "utf8")))).toEqual([]);
  });
});

lint("docker-logging", ".yml", compose, (text): { services?: Record<string, Record<string, unknown>> } => parse(text));

test("files with a secret are for their owner alone", () => {
  const files = cases("ok").flatMap(({ file, bytes }) => {
    const { site, targets: ids } = checker()({ source: bytes, file });
    return site === undefined ? [] : ids.flatMap((id) => targets[id].files([site])).filter(({ secret }) => secret !== undefined);
  });
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter(({ mode, install }) => mode !== "0600" || install !== "replaced")).toEqual([]);
});
