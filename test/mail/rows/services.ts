/** Rows about each port, for clients of both families. */
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { until } from "../../systems/world/output.ts";
import { type Family, clients, families, proxyAddresses, through } from "../world/network.ts";
import { type Service, loggedIn, secured, services } from "../world/services.ts";
import type { World } from "../world/world.ts";


export function eachService(world: () => World): void {
  const each = families.flatMap((family) => services.map((service) => [`${service.title}, IPv${family}`, service, family] as const));

  describe("client address", () => {
    test.each(each)("%s", async (_title, service, family) => {
      const log = world().mailcow.mark();
      const session = await loggedIn(service, through(family));
      session.close();
      await until(`a line about ${clients[family][0]}`, () => logged(service, family).test(log()));
      expect(log()).not.toMatch(/\[10\.13\.13\.1\]|rip=10\.13\.13\.1\b|\[172\.22\.1\.|rip=172\.22\.1\./);
    });
  });

  describe("certificate", () => {
    test.each(each)("%s", async (_title, service, family) => {
      const { session, fingerprint } = await secured(service, through(family));
      session.close();
      expect(fingerprint).toBe(new X509Certificate(world().mailcow.certificate.certificate).fingerprint256);
    });
  });
}

/** The line about a client that has logged in, or been let in. */
function logged({ container, name }: Service, family: Family): RegExp {
  const [client, proxy] = [clients[family][0], proxyAddresses[family]].map((address) => address.replaceAll(".", "\\."));
  if (container === "dovecot-mailcow") return new RegExp(`${name.replace(/s$/, "")}.*-login: (?:Info: )?(?:Login|Logged in).*\\brip=${client}, lip=${proxy}\\b`);
  const service = { smtp: "haproxy/postscreen\\[\\d+\\]: CONNECT from ", smtps: "postfix/smtps-haproxy/smtpd\\[\\d+\\]: connect from unknown", submission: "postfix/submission-haproxy/smtpd\\[\\d+\\]: connect from unknown" }[name];
  return new RegExp(`${service}\\[${client}\\]`);
}
