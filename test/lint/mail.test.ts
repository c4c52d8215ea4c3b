/** A lint of the output that passes mail on: what none of it may have, and what would have it. */
import { describe, expect, test } from "vitest";
import { generate } from "../../src/index.ts";
import type { TargetId } from "../../src/core/output/target-id.ts";
import { mailServices } from "../../src/core/site/mail-services.ts";
import { serverIds, servers } from "../../src/core/site/servers.ts";
import { cases, sharedCases } from "../support.ts";
import { type Directive, type Rule, all, named, shown } from "./rule.ts";
import { parse as parseHaproxy } from "./servers/haproxy.ts";
import { parse as parseNginx } from "./servers/nginx.ts";
import { parse as parseTraefik } from "./servers/traefik.ts";

const proxied = mailServices.map((service) => service.proxied).join("|");
/** An address of mailcow's host, with a port that expects PROXY protocol. */
const toProxied = new RegExp(`^\\d+\\.\\d+\\.\\d+\\.\\d+:(?:${proxied})$`);
const inside = (configuration: readonly Directive[], name: string) => configuration.filter((one) => one.name === name).flatMap((one) => one.inside);
const without = (configuration: readonly Directive[], ...wanted: readonly string[]) => {
  const lines = new Set(configuration.map(shown));
  return wanted.filter((line) => !lines.has(line)).map((line) => `there is no ${line}`);
};

const relay = "a proxy that sends no PROXY protocol is mailcow's own network for it, and everybody relays through it";
const own = "certificate, STARTTLS and DANE are mailcow's";
const idle = "a mail program waits up to 29 minutes for new mail";

const lints: Readonly<Partial<Record<TargetId, { readonly parse: (text: string) => Directive[]; readonly rules: readonly Rule[] }>>> = {
  "haproxy-mail": {
    parse: parseHaproxy,
    rules: [
      { name: "proxied", why: relay, bad: "listen a\n server mailcow 10.13.13.2:25\n", check: (file) => named(file, "server").filter(({ value }) => !/^mailcow \d+\.\d+\.\d+\.\d+:\+10000 send-proxy-v2$/.test(value)).map(shown) },
      { name: "only-mail-ports", why: "10000 more leads to another service", bad: "listen a\n bind 192.0.2.1:443\n", check: (file) => named(file, "bind").filter(({ value }) => value.split(" ")[0]?.split(",").some((socket) => !mailServices.some(({ port }) => socket.endsWith(`:${port}`)))).map(shown) },
      { name: "no-tls", why: own, bad: "listen a\n bind 192.0.2.1:993 ssl crt x.pem\n", check: (file) => all(file).filter(({ value }) => /\b(?:ssl|crt)\b/.test(value)).map(shown) },
      { name: "mode-tcp", why: "HTTP is not mail", bad: "defaults a\n mode http\n", check: (file) => file.filter(({ name }) => name === "defaults").flatMap((one) => without(one.inside, "mode tcp")) },
      { name: "idle", why: idle, bad: "defaults a\n mode tcp\n timeout tunnel 1m\n", check: (file) => without(inside(file, "defaults"), "timeout tunnel 35m") },
      { name: "no-check", why: "postscreen's greeting marks mailcow down for good", bad: "listen a\n option smtpchk\n", check: (file) => named(file, "option").filter(({ value }) => /chk|check/.test(value)).map(shown) },
      { name: "defaults-of-its-own", why: "what the host's defaults say must not matter", bad: "listen a\n bind 192.0.2.1:25\n", check: (file) => file.filter(({ name, value }) => name === "listen" && !/ from mailcow-\S+-mail-defaults$/.test(value)).map(shown) },
      { name: "families-apart", why: "Dovecot would see ::ffff:192.0.2.1", bad: "listen a\n bind [::]:25\n", check: (file) => named(file, "bind").filter(({ value }) => value.startsWith("[") !== value.endsWith(" v6only")).map(shown) },
    ],
  },
  "nginx-mail": {
    parse: parseNginx,
    rules: [
      { name: "proxied", why: relay, bad: "stream { server { listen 25; proxy_pass 10.13.13.2:25; } }", check: (file) => [...named(file, "proxy_pass").filter(({ value }) => !toProxied.test(value)).map(shown), ...(inside(file, "stream").some(({ name, value }) => name === "proxy_protocol" && ["on", "v2"].includes(value)) ? [] : ["stream"]), ...named(inside(inside(file, "stream"), "server"), "proxy_protocol").map(shown)] },
      {
        name: "its-own-port", why: "SMTP is not IMAP", bad: "stream { server { listen 143; proxy_pass 10.13.13.2:10993; } }",
        check: (file) => named(file, "server").filter((one) => {
          const [to] = named(one.inside, "proxy_pass").map(({ value }) => Number(value.split(":")[1]) - 10_000);
          return named(one.inside, "listen").some(({ value }) => Number(/(\d+) so_keepalive=on(?: proxy_protocol)?$/.exec(value)?.[1]) !== to);
        }).map(shown),
      },
      { name: "no-tls", why: own, bad: "stream { server { listen 993 ssl; } }", check: (file) => all(file).filter(({ name, value }) => /ssl|preread/.test(name) || /\bssl\b/.test(value)).map(shown) },
      { name: "idle", why: idle, bad: "stream { proxy_timeout 10m; }", check: (file) => without(inside(file, "stream"), "proxy_timeout 35m", "proxy_connect_timeout 5s") },
      { name: "only-one-stream", why: "a second one is an error, and anything else is for other files", bad: "worker_rlimit_nofile 10000;\nstream { }", check: (file) => (file.map(({ name }) => name).join(" ") === "stream" ? [] : file.map(shown)) },
      { name: "believed", why: "without a list, anybody may say who they are", bad: "stream { server { listen 25 so_keepalive=on proxy_protocol; } }", check: (file) => named(file, "server").filter((one) => named(one.inside, "listen").some(({ value }) => value.includes("proxy_protocol")) !== named(one.inside, "set_real_ip_from").length > 0).map(shown) },
    ],
  },
  "traefik-mail": {
    parse: parseTraefik,
    rules: [
      {
        name: "proxied", why: relay, bad: "tcp: { services: { a: { loadBalancer: { servers: [{ address: '10.13.13.2:25' }] } } } }",
        check: (file) => inside(inside(file, "tcp"), "services").filter(({ inside: [balancer] }) => {
          const transport = named(balancer?.inside ?? [], "serversTransport").map(({ value }) => value);
          const sends = inside(inside(file, "tcp"), "serversTransports").some((one) => one.name === transport[0] && named(one.inside, "version").some(({ value }) => value === "2"));
          return !sends || named(balancer?.inside ?? [], "address").some(({ value }) => !toProxied.test(value));
        }).map(({ name }) => name),
      },
      { name: "no-tls", why: `${own}, and with a router for TLS Traefik waits for the client to speak first`, bad: "tcp: { routers: { a: { tls: {} } } }", check: (file) => named(file, "tls", "http", "http3").map(shown) },
      { name: "every-name", why: "nothing tells the name before STARTTLS", bad: "tcp: { routers: { a: { rule: 'HostSNI(`mail.example.org`)' } } }", check: (file) => named(file, "rule").filter(({ value }) => value !== "HostSNI(`*`)").map(shown) },
      { name: "names-apart", why: "smtp is a usual name of an administrator's own", bad: "entryPoints: { smtp: { address: ':25' } }", check: (file) => [...inside(file, "entryPoints"), ...["routers", "services", "serversTransports"].flatMap((kind) => inside(inside(file, "tcp"), kind))].map(({ name }) => name).filter((name) => !/^mailcow-\w+-/.test(name)) },
      { name: "entry-points-named", why: "a router without them is on all of them", bad: "tcp: { routers: { a: { service: b } } }", check: (file) => inside(inside(file, "tcp"), "routers").filter((one) => named(one.inside, "entryPoints").every((points) => points.inside.length === 0)).map(({ name }) => name) },
    ],
  },
};

const descriptions = [...cases("ok"), ...sharedCases().flatMap((one) => one.descriptions)];
const files = descriptions.flatMap(({ file, bytes }) => generate(bytes, { file }).files.filter(({ target }) => target in lints).map((one) => ({ case: file, ...one })));

test("every server that passes mail on has rules", () => {
  expect(Object.keys(lints)).toEqual(expect.arrayContaining(serverIds.flatMap((id) => servers[id].mailTarget ?? [])));
});

describe.each(Object.entries(lints))("%s", (target, { parse, rules }) => {
  const outputs = files.filter((file) => file.target === target).map(({ case: name, path, content }) => ({ path: `${path} of ${name}`, configuration: parse(content) }));

  test("there is something to look at", () => {
    expect(outputs.length).toBeGreaterThan(2);
    expect(outputs.filter(({ configuration }) => all(configuration).length < 4)).toEqual([]);
  });

  test.each(rules)("$name: what breaks it is found", ({ bad, check }) => {
    expect(check(parse(bad))).not.toEqual([]);
  });

  test.each(rules)("$name holds in every output", ({ check }) => {
    expect(outputs.map(({ path, configuration }) => ({ path, breaks: check(configuration) })).filter(({ breaks }) => breaks.length > 0)).toEqual([]);
  });
});
