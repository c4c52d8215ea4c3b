/** Every key of a description with text in it that means something to a server, a shell, a terminal or a log. */
import { domainToASCII } from "node:url";
import schema from "../schemas/description.schema.json" with { type: "json" };
import { acmeServers, fileServers, serverIds, software, softwareIds } from "../src/core/site/servers.ts";
import { validate } from "../src/index.ts";

const servers = [...serverIds, "mailcow-conf"];
// Some servers need a list of the mail domains.
const own = { hostname: "mail.example.org", mail_domains: ["example.org"], targets: [...servers, "systemd"] };
// certbot proves no wildcard this way.
const certbot = { ...own, mail_domains: [], tls: { issuer: "certbot", email: "you@example.org", deploy: "copy" }, targets: [...servers, "certbot"] };
const files = { ...own, tls: { issuer: "files", certificate: "/srv/ssl/fullchain.pem", key: "/srv/ssl/privkey.pem" }, targets: servers };
const mailcow = { ...own, mailcow: { directory: "/srv/mailcow", http: { bind: "127.0.0.1", port: 8080 }, https: { bind: "127.0.0.2", port: 8443 } } };
const ports = { ...own, proxy: { listen: ["192.0.2.10"], http_port: 80, https_port: 443, public_https_port: 443 } };
// mailcow listens on its own address, which is another one where a host name is written.
const upstream = { ...own, mailcow: { http: { bind: "127.0.0.1" }, https: { bind: "127.0.0.1" } }, proxy: { upstream: { scheme: "http", address: "127.0.0.3" } } };
const protocol = { ...own, proxy: { proxy_protocol: { accept: false, send: false } } };
const tls = { ...own, tls: { issuer: "mailcow", sni: false, profile: "intermediate", groups: ["X25519"], hsts: { max_age: 63072000, include_subdomains: true, preload: true } } };
const access = { ...own, access: [{ path: "/rspamd", allow: ["192.0.2.0/24"] }] };
const accessNames = { ...own, access: [{ path: "/rspamd", allow: ["192.0.2.0/24"], names: ["mail.example.org"] }] };
const basicAuth = { ...own, basic_auth: { paths: ["/rspamd"], users: ["alice:$2y$10$OSanlcXR0ZLIj8kFCfehxen3Ei8HyqLfnLJiZ/W3oeQAxctde.8He"] } };
const relayhost = { ...own, relayhost: { host: "relay.example.com", port: 587, tls: "secure", username: "mail@example.org", password_file: "/srv/relayhost-password" }, targets: ["relayhost", "mailcow-conf"] };
const syslog = { ...own, syslog: { protocol: "udp", port: 524, file: "/var/log/mailcow.log", services: ["postfix-mailcow"] }, targets: ["docker-logging", "mailcow-conf"] };
const rspamd = {
  ...own,
  rspamd: {
    enable_password: "$1$k39txxggd67xuzhgcydhn1inzpy776cj$6r8ttw6999yzhc65t9rrcr8nyaaitz4ka3s4dbmucogt5eqg714b",
    password: "$2$paayjrci79ugt8p5ohu3tusreraxs7hy$9sngyp7wk5dp7n8fknw3xs4whjzsptye559kzw41qcmfnjsgfq3b",
  },
  targets: ["rspamd", "mailcow-conf"],
};
const localMta = { ...own, mailcow: { ipv4_network: "172.22.1" }, local_mta: { hostname: "host.example.net", domain: "example.net" }, targets: ["local-mta", "mailcow-conf"] };
const fail2ban = {
  ...own,
  mailcow: { ipv4_network: "172.22.1" },
  syslog: { protocol: "udp", port: 524, file: "/srv/log/mailcow.log", services: ["dovecot-mailcow", "postfix-mailcow"] },
  fail2ban: { maxretry: 10, bantime: "30m", ignore: ["192.0.2.0/24"] },
  targets: ["rsyslog", "fail2ban", "mailcow-conf"],
};
const mail = {
  ...own,
  mailcow: { http: { bind: "10.13.13.2", port: 8080 }, https: { bind: "10.13.13.2", port: 8443 } },
  proxy: { upstream: { address: "10.13.13.2" }, addresses: ["10.13.13.1"] },
  mail: { ports: [25, 993], listen: ["192.0.2.10"], address: "10.13.13.3", firewall: "nftables", banlist: "https://mail.example.org/f2b-banlist?id=3fa85f64-5717-4562-b3fc-2c963f66afa6" },
  targets: ["mail-ports", "haproxy-mail", "nginx-mail", "traefik-mail", "mail-bans", "mailcow-conf"],
};
const versions = { ...own, versions: Object.fromEntries(softwareIds.map((id) => [id, software[id].versions["debian-12"] ?? software[id].since])) };

/** For each key, a `*` standing for the entries of a list, a valid description that has it. */
const table: Readonly<Record<string, object>> = {
  "/hostname": own,
  "/mail_domains/*": { ...own, mail_domains: ["example.net"] },
  "/additional_server_names/*": { ...own, additional_server_names: ["webmail.example.com"] },
  "/serve_hostname": { ...own, serve_hostname: false, additional_server_names: ["webmail.example.com"] },
  "/discovery/*": { ...own, discovery: ["autodiscover"] },
  "/other_sites/*": { ...own, other_sites: ["cloud.example.com"] },
  "/certificate_names/*": { ...own, certificate_names: ["imap.example.com"] },
  "/mailcow/directory": mailcow,
  "/mailcow/http/bind": mailcow,
  "/mailcow/http/port": mailcow,
  "/mailcow/https/bind": mailcow,
  "/mailcow/https/port": mailcow,
  "/proxy/listen/*": ports,
  "/proxy/http_port": ports,
  "/proxy/https_port": ports,
  "/proxy/public_https_port": ports,
  "/proxy/tls_ends": { ...own, targets: servers, proxy: { tls_ends: "before", trusted_proxies: ["10.0.0.7"] } },
  "/proxy/entry_points/http": { ...own, proxy: { entry_points: { http: "web" } } },
  "/proxy/entry_points/https": { ...own, proxy: { entry_points: { https: "websecure" } } },
  "/proxy/upstream/scheme": upstream,
  "/proxy/upstream/address": upstream,
  "/proxy/upstream/resolver": { ...own, mailcow: { http: { bind: "10.0.0.5" } }, proxy: { upstream: { address: "mailcow.example.net", resolver: "192.0.2.53" } } },
  // Apache can check mailcow's certificate for one name only.
  "/proxy/upstream/verify": { ...own, mail_domains: [], proxy: { upstream: { scheme: "https", verify: "/srv/ssl/ca.pem" } } },
  "/proxy/addresses/*": { ...own, proxy: { addresses: ["203.0.113.7"] } },
  "/proxy/trusted_proxies/*": { ...own, proxy: { trusted_proxies: ["198.51.100.0/24"] } },
  "/proxy/proxy_protocol/accept": protocol,
  "/proxy/proxy_protocol/send": protocol,
  "/tls/issuer": tls,
  "/tls/certificate": files,
  "/tls/key": files,
  "/tls/sni": tls,
  "/tls/email": certbot,
  "/tls/certificate_resolver": { ...own, tls: { issuer: "proxy", certificate_resolver: "letsencrypt" }, targets: [...acmeServers, "systemd", "mailcow-conf"] },
  "/tls/deploy": certbot,
  "/tls/certbot_host": { ...own, mail_domains: [], mailcow: { http: { bind: "10.0.0.5" } }, proxy: { addresses: ["10.0.0.4"] }, tls: { issuer: "certbot", certbot_host: "mailcow" }, targets: [...servers, "systemd"] },
  "/tls/acme_mailcow": { ...files, tls: { ...files.tls, acme_mailcow: true } },
  "/tls/acme_webroot": { ...own, tls: { acme_webroot: "/srv/acme" }, targets: [...fileServers, "mailcow-conf"] },
  "/tls/profile": tls,
  "/tls/groups/*": tls,
  "/tls/hsts/max_age": tls,
  "/tls/hsts/include_subdomains": tls,
  "/tls/hsts/preload": tls,
  "/access/*/path": access,
  "/access/*/allow/*": access,
  "/access/*/names/*": accessNames,
  "/basic_auth/paths/*": basicAuth,
  "/basic_auth/users/*": basicAuth,
  "/relayhost/host": relayhost,
  "/relayhost/port": relayhost,
  "/relayhost/tls": relayhost,
  "/relayhost/username": relayhost,
  "/relayhost/password_file": relayhost,
  "/relayhost/password_variable": { ...relayhost, relayhost: { host: "relay.example.com", username: "mail@example.org", password_variable: "RELAYHOST_PASSWORD" } },
  "/syslog/protocol": syslog,
  "/syslog/port": syslog,
  "/syslog/file": syslog,
  "/syslog/services/*": syslog,
  "/rspamd/enable_password": rspamd,
  "/rspamd/password": rspamd,
  "/local_mta/hostname": localMta,
  "/local_mta/domain": localMta,
  "/mailcow/ipv4_network": localMta,
  "/fail2ban/maxretry": fail2ban,
  "/fail2ban/bantime": fail2ban,
  "/fail2ban/ignore/*": fail2ban,
  "/mail/ports/*": mail,
  "/mail/listen/*": mail,
  "/mail/address": mail,
  "/mail/firewall": mail,
  "/mail/banlist": mail,
  "/packages": { ...own, packages: "distribution" },
  "/platform": { ...own, platform: "debian-12" },
  ...Object.fromEntries(softwareIds.map((id) => [`/versions/${id}`, versions])),
  "/targets/*": own,
};

export const tableKeys = Object.keys(table);

/** The keys of the schema that hold a value, written as in the table. */
export function schemaKeys(node: object = schema, path = ""): string[] {
  if ("properties" in node) return Object.entries(node.properties ?? {}).flatMap(([key, inner]) => schemaKeys(inner, `${path}/${key}`));
  return "items" in node && typeof node.items === "object" ? schemaKeys(node.items ?? {}, `${path}/*`) : [path];
}

/** A value at a key, in an otherwise valid description. */
export interface Attempt {
  readonly key: string;
  readonly value: string;
  /** The description in YAML, a value a line. */
  readonly yaml: string;
}

export function attempt(key: string, value: string): Attempt {
  const data = withValue(table[key], key.slice(1).split("/"), value);
  return { key, value, yaml: escaped(data) };
}

function withValue(data: unknown, [token, ...rest]: readonly string[], value: string): unknown {
  if (token === undefined) return value;
  if (token === "*") return Array.isArray(data) ? [withValue(data[0], rest, value), ...data.slice(1)] : [value];
  const entries = Object.entries(typeof data === "object" && data !== null ? data : {});
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === token ? withValue(inner, rest, value) : inner]));
}

/** JSON with all that is not ASCII as escapes, which is YAML too. */
export function escaped(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2).replaceAll(/[^\x20-\x7e\n]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

/** The table's description of the key as it is. */
export function usual(key: string): string {
  return escaped(table[key]);
}

/** The value that the key has there. */
export function example(key: string): unknown {
  let node: unknown = table[key];
  for (const token of key.slice(1).split("/")) node = Object.entries(node ?? {}).find(([name]) => name === token || token === "*")?.[1];
  return node;
}

/** Every character of ASCII. */
export const characters = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));

const ends = ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\v", "\f", "\u0000"];

/** Beside single characters: what ends a value and begins something else, what is expanded, what is not seen, what is too long. */
export const hostile: readonly string[] = [
  ...ends,
  ...ends.map((end) => `${end}include /tmp/x;`),
  "; return 200;", ";}", "} server {", "';'", '" "', "\\", "\\\n", "\\n", " #", "#", " ", "\t", "\u00a0", "\u3000",
  "$host", "${PATH}", "%{env:PATH}", "%[src]", "%i", "%%", "${mailcow}", "$(id)", "`id`", "~root", "*", "?", "[a]", "{a,b}", "!x", "&", "|", "<", ">", "<VirtualHost *>", "</VirtualHost>",
  "{{hostname}}", "{{{hostname}}}", "{{> tls}}", "{%", "<%=", "::error::", "%0A", "%2e%2e%2f", "..", "/../", "/./", "//", "-", "--", "-x", "=", "@", "+", "~", ".", "/", ":", ",", "_",
  "\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u{e0041}", "\ue000", "\ud800", "\u001b[31m", "\u009b31m",
  "é", "ß", "İ", "ſ", "。", "．", "／", "；", "\uff04", "a\u0301", "日本", "😀", "xn--", "\u0430",
  "x".repeat(64), "x".repeat(300), "x".repeat(5000), "/x".repeat(600), "a.".repeat(200),
];

/** The text alone and, where the key takes text, at the start, behind the first character, in the middle and at the end of its usual value. */
export function embedded(key: string, text: string): string[] {
  const whole = example(key);
  if (typeof whole !== "string") return [text];
  return [text, ...[0, 1, Math.floor(whole.length / 2), whole.length].map((at) => whole.slice(0, at) + text + whole.slice(at))];
}

/** The attempts at a key that get through, one for each text and place. */
export function accepted(key: string): Attempt[] {
  const values = [...hostile, "0", "a.b", "a-b"].flatMap((text) => embedded(key, text));
  return [...new Set(values)].map((value) => attempt(key, value)).filter(({ yaml }) => validate(yaml).every(({ severity }) => severity !== "error"));
}

/** The name as a server has it; not the program's own conversion. */
export function ascii(name: string): string {
  return domainToASCII(name.toLowerCase());
}
