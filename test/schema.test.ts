/** The schema documents every key, and its examples and its documentation are true. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import schema from "../schemas/description.schema.json" with { type: "json" };
import { validate } from "../src/index.ts";
import { root } from "./support.ts";

interface Node {
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Node>;
  items?: Node | { $ref: string } | { enum: unknown[] };
}

/** Every key with the example in its place, in an otherwise minimal description. */
function keys(node: Node, path: string[], wrap: (value: unknown) => unknown): { path: string; node: Node; whole: unknown[] }[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const inside = (value: unknown) => wrap({ [key]: value });
    return [
      { path: [...path, key].join("."), node: child, whole: (child.examples ?? []).map(inside) },
      ...keys(child, [...path, key], inside),
      ...keys(itemsOf(child), [...path, key], (item) => inside([item])),
    ];
  });
}

/** What the items of a list are, where they have keys of their own. */
function itemsOf({ items }: Node): Node {
  return items === undefined || "$ref" in items || "enum" in items ? {} : items;
}

const all = keys(schema, [], (value) => value);

describe("every key", () => {
  test.each(all)("$path is explained and has an example", ({ node }) => {
    expect(node.description).toMatch(/\.$/);
    expect(node.examples?.length).toBeGreaterThan(0);
  });

  const user = "alice:$2y$10$OSanlcXR0ZLIj8kFCfehxen3Ei8HyqLfnLJiZ/W3oeQAxctde.8He";

  const rspamdHash = "$1$k39txxggd67xuzhgcydhn1inzpy776cj$6r8ttw6999yzhc65t9rrcr8nyaaitz4ka3s4dbmucogt5eqg714b";

  /** What an example needs beside it to mean anything. */
  const company: Record<string, object> = {
    "access.path": { access: [{ allow: ["192.0.2.0/24"] }] },
    "access.allow": { access: [{ path: "/rspamd" }] },
    "serve_hostname": { additional_server_names: ["webmail.example.org"] },
    "access.names": { access: [{ path: "/rspamd", allow: ["192.0.2.0/24"] }] },
    "basic_auth.paths": { basic_auth: { users: [user] } },
    "basic_auth.users": { basic_auth: { paths: ["/rspamd"] } },
    "rspamd.password": { rspamd: { enable_password: rspamdHash } },
    "local_mta.hostname": { local_mta: { domain: "example.org" } },
    "local_mta.domain": { local_mta: { hostname: "host.example.org" } },
    ...Object.fromEntries(["mail", "mail.ports", "mail.listen", "mail.address", "mail.firewall", "mail.banlist"].map((key) => [key, { mailcow: { http: { bind: "10.13.13.2" } }, proxy: { addresses: ["10.13.13.1"] }, targets: ["haproxy-mail", "mail-ports"] }])),
    ...Object.fromEntries(["fail2ban", "fail2ban.maxretry", "fail2ban.bantime", "fail2ban.ignore"].map((key) => [key, { syslog: { protocol: "udp" } }])),
    "tls": { mail_domains: [] },
    "tls.issuer": { mail_domains: [] },
    "tls.certificate": { tls: { issuer: "files", key: "/etc/ssl/key.pem" } },
    "tls.key": { tls: { issuer: "files", certificate: "/etc/ssl/cert.pem" } },
    "tls.sni": { mail_domains: ["example.org"] },
    "tls.email": { mail_domains: [], tls: { issuer: "certbot" } },
    "tls.certificate_resolver": { mail_domains: [], tls: { issuer: "proxy", acme_mailcow: true }, targets: ["traefik"] },
    "tls.certbot_host": { mail_domains: [], mailcow: { http: { bind: "10.0.0.5" } }, proxy: { addresses: ["10.0.0.4"] }, tls: { issuer: "certbot" } },
    "tls.deploy": { mail_domains: [], tls: { issuer: "certbot" } },
    "tls.acme_mailcow": { tls: { issuer: "files", certificate: "/etc/ssl/cert.pem", key: "/etc/ssl/key.pem" } },
    "tls.acme_webroot": { targets: ["nginx", "apache"] },
    "tls.hsts.include_subdomains": { tls: { hsts: { max_age: 63_072_000 } } },
    "tls.hsts.preload": { tls: { hsts: { max_age: 63_072_000, include_subdomains: true } } },
    "proxy.proxy_protocol": { proxy: { trusted_proxies: ["198.51.100.7"] } },
    "proxy.proxy_protocol.accept": { proxy: { trusted_proxies: ["198.51.100.7"] } },
    "proxy.proxy_protocol.send": { targets: ["haproxy"] },
    "proxy.tls_ends": { proxy: { trusted_proxies: ["10.0.0.7"] } },
    "relayhost.port": { relayhost: { host: "relay.example.net" } },
    "relayhost.tls": { relayhost: { host: "relay.example.net" } },
    "relayhost.username": { relayhost: { host: "relay.example.net", password_file: "/root/relayhost-password" } },
    "relayhost.password_file": { relayhost: { host: "relay.example.net", username: "mail@example.org" } },
    "relayhost.password_variable": { relayhost: { host: "relay.example.net", username: "mail@example.org" } },
    "proxy.upstream": { mailcow: { http: { bind: "10.0.0.5" }, https: { bind: "10.0.0.5" } } },
    "proxy.upstream.address": { mailcow: { http: { bind: "10.0.0.5" } } },
    "proxy.upstream.resolver": { mailcow: { http: { bind: "10.0.0.5" } }, proxy: { upstream: { address: "mailcow.example.net" } } },
    "proxy.upstream.verify": { proxy: { upstream: { scheme: "https" } } },
  };

  test.each(all.flatMap(({ path, whole }) => whole.map((example) => ({ path, example }))))("$path: $example is valid", ({ path, example }) => {
    const description = merge(merge({ hostname: "mail.example.org" }, company[path] ?? {}), example);
    expect(validate(JSON.stringify(description)).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

test("docs/keys.md explains every key", () => {
  const page = readFileSync(join(root, "docs/keys.md"), "utf8");
  const missing = all.map(({ path }) => path).filter((path) => !page.includes(`\`${path}\``));
  expect(missing).toEqual([]);
});


function merge(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return right.map((item: unknown, index) => merge(left[index], item));
  if (!isRecord(left) || !isRecord(right)) return right;
  return Object.fromEntries([...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => [key, key in left && key in right ? merge(left[key], right[key]) : (right[key] ?? left[key])]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
