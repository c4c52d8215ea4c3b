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
