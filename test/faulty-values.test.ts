/** A faulty value is one error: what is true of its default only is not said, and what is true without it is. */
import { describe, expect, test } from "vitest";
import type { TargetId } from "../src/core/output/target-id.ts";
import { checker } from "../src/pipeline/check.ts";

const codes = (source: string, targets?: readonly TargetId[]) => checker({ targets })({ source, file: "-" }).diagnostics.map(({ code }) => code);

describe("the targets of the run", () => {
  const targets = ["relayhost", "mail-ports", "rspamd", "haproxy-mail"] as const;
  const missing = targets.map(() => "section-missing");

  test("say what they miss", () => expect(codes("hostname: mail.example.org\n", targets)).toEqual(missing));

  test("say it beside another fault, too", () => {
    expect(codes("hostname: mail.example.org\ntls: { profile: old }\n", targets).toSorted()).toEqual(["not-allowed", ...missing]);
    expect(codes("hostname: mail.example.org\nmail: { address: 10.13.13.2, ports: [25, 2525] }\n", ["mail-bans"])).toContain("banlist-missing");
    expect(codes("hostname: mail.example.org\ntls: { issuer: proxy, profile: old }\n", ["caddy"])).toContain("any-domain");
  });

  test("say nothing of a section with a fault", () => {
    expect(codes("hostname: mail.example.org\nrspamd: 5\n", ["rspamd"])).toEqual(["wrong-type"]);
  });
});

test("a faulty required key takes its section with it, and no more", () => {
  const rest = "mailcow: { http: { port: 8081 } }\n";
  for (const section of ["tls: { hsts: { max_age: 1y } }", "basic_auth: { paths: [rspamd], users: 5 }", "relayhost: { host: a b }", "local_mta: { hostname: a b, domain: example.org }"]) {
    expect({ section, codes: codes(`hostname: mail.example.org\n${section}\n${rest}`) }).toEqual({ section, codes: expect.arrayContaining(["port-reserved"]) });
  }
});

describe("a fault elsewhere hides no error", () => {
  const beyond = "mailcow: { http: { port: 8081 } }\n";

  test.each(["5: foo", "\"mail/domains\": [example.org]", "\"~0\": 1", "proxy: { http_port: 25, 443: 8443 }", "mail: { ports: [25], 993: true }"])("%s", (line) => {
    expect(codes(`hostname: mail.example.org\n${line}\n${beyond}`)).toEqual(expect.arrayContaining(["unknown-key", "port-reserved", ...(line.includes("http_port") ? ["port-published"] : [])]));
  });

  const mail = (rest: string, more = "") => `hostname: mail.example.org\nmailcow: { http: { bind: 10.13.13.2 }, https: { bind: 10.13.13.2 } }\ntargets: [haproxy, haproxy-mail, mailcow-conf, systemd]\nmail: { ${rest} }\n${more}`;

  test("about the mail ports", () => {
    expect(codes(mail("banlist: \"https://example.net/\"", "proxy: { addresses: [10.13.13.1] }\n"))).toEqual(expect.arrayContaining(["banlist", "mail-firewall"]));
    expect(codes(mail("address: 0.0.0.0", "proxy: { addresses: [10.13.13.1, 10.0.0.300] }\n"))).toContain("mail-address");
  });

  test("of a port beside a faulty one", () => expect(codes("hostname: mail.example.org\nproxy: { http_port: 25, https_port: 70000 }\n")).toContain("port-published"));

  test("about a required key of another mapping", () => {
    expect(codes("local_mta: { hostnme: host.example.org, domain: example.org }\n").toSorted()).toEqual(["missing-key", "unknown-key"]);
    expect(codes("hostnme: mail.example.org\nlocal_mta: { domain: example.org }\n").toSorted()).toEqual(["missing-key", "unknown-key"]);
  });
});

describe("a fault has no second error", () => {
  test.each([
    ["of a port on an address that is not known", "mailcow: { http: { bind: 10.0.0.300, port: 13306 } }"],
    ["of a name in place of a faulty one", "additional_server_names: [bad_domain.org]\nother_sites: [mail2.example.org]"],
    ["of a network that is not known", "mailcow: { ipv4_network: 10.99.1.0/24 }\nmail: { address: 172.22.1.9 }\nproxy: { addresses: [172.22.1.5], upstream: { address: 172.22.1.9 } }\ntargets: [nginx, mail-ports, nginx-mail, mailcow-conf, systemd]"],
  ])("%s", (_what, lines) => expect(codes(`hostname: mail.example.org\nmail_domains: []\n${lines}\n`).filter((code) => /^(?:port-published|other-site-taken|mail-address)$/.test(code))).toEqual([]));

  test("in another list with the same anchor", () => {
    const { diagnostics } = checker()({ source: "hostname: mail.example.org\nproxy:\n  addresses: &n [192.0.2.5, cloudflare]\n  trusted_proxies: *n\n  tls_ends: before\n", file: "-" });
    expect(diagnostics.map(({ message }) => message).join("\n")).not.toContain("192.0.2.1 ");
    expect(diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining(["network", "front-limits"]));
  });
});
