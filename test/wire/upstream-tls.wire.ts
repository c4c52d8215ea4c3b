/** TLS to mailcow: what the proxy agrees to, and whom it takes for mailcow. */
import type { SecureContextOptions } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { has } from "../../src/core/site/platform.ts";
import { servers } from "../../src/core/site/servers.ts";
import { upstreamProfileOn } from "../../src/core/site/tls-profile.ts";
import { asTest } from "./limits.ts";
import type { Certificate } from "./world/certificate.ts";
import { proxyId, renderValid } from "./world/description.ts";
import { answering } from "./world/mailcow-site.ts";
import { type Variant, variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
type Version = (typeof versions)[number];

const only = (version: Version): SecureContextOptions => ({ minVersion: version, maxVersion: version });
const weak = [
  "AES128-SHA", "AES256-SHA", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES128-SHA256",
];

/** Go has no X448, and reads no common name. */
const isGo = servers[proxyId].tlsLibrary === "own";

describe("TLS", () => {
  for (const profile of ["intermediate", "modern"] as const) {
    for (const verified of [true, false]) {
      describe(`to mailcow, ${profile}, ${verified ? "verified" : "unverified"}`, () => {
        let world: World;
        const [minimal] = variants;
        if (minimal === undefined) throw new Error("there is no variant");
        // One name, which Apache verifies as the others do.
        const variant: Variant = { ...minimal, otherNames: [], description: `
hostname: mail.example.org
mail_domains: []
proxy: { upstream: { scheme: https${verified ? ", verify: /etc/ssl/mailcow-ca.pem" : ""} } }
tls: { profile: ${profile}${verified ? "" : ", groups: [secp521r1]"} }
${profile === "modern" ? "platform: debian-12" : ""}
` };
        const { site } = renderValid(variant.description);

        beforeAll(async () => {
          world = await openWorld(variant);
        });
        // A world that did not open has nothing to close.
        afterAll(() => (world as World | undefined)?.close());

        /** @returns whether a request reaches a mailcow that offers this and nothing else */
        async function reaches(limits: SecureContextOptions, certificate: Certificate = world.mailcowCertificate): Promise<boolean> {
          await world.mailcow.stop();
          world.mailcow.present(certificate, limits);
          await world.mailcow.start();
          const mark = world.mark();
          // mailcow closes the connection after this answer, so the next request makes one of its own.
          const { status } = await world.ask({ target: `${answering([])}&${mark}` });
          const reached = world.mailcow.soFar(mark).length > 0;
          expect(reached ? [200] : [500, 502, 503]).toContain(status);
          return reached;
        }

        function check(name: string, run: () => Promise<void>): void {
          test(...asTest("TLS to mailcow", { name }, { variant, site }, run));
        }

        async function expectVersions(versions: readonly Version[], reached: boolean): Promise<void> {
          for (const version of versions) expect({ version, reached: await reaches({ ...only(version), ...(version === "TLSv1.3" ? {} : { ciphers: "ALL:@SECLEVEL=0" }) }) }).toEqual({ version, reached });
        }

        const { protocols, ciphers, cipherSuites } = site.tls.profile;

        check("the profile's versions", () => expectVersions(protocols, true));

        check("no other versions", () => expectVersions(versions.filter((version) => !(protocols as readonly string[]).includes(version)), false));

        check("the profile's cipher suites", async () => {
          for (const suite of cipherSuites) expect({ suite, reached: await reaches({ ...only("TLSv1.3"), ciphers: suite }) }).toEqual({ suite, reached: true });
          for (const cipher of ciphers.filter((name) => name.includes("-RSA-"))) expect({ cipher, reached: await reaches({ ...only("TLSv1.2"), ciphers: cipher }) }).toEqual({ cipher, reached: true });
        });

        check("no other cipher suites of TLS 1.2", async () => {
          for (const cipher of weak) expect({ cipher, reached: await reaches({ ...only("TLSv1.2"), ciphers: `${cipher}:@SECLEVEL=0` }) }).toEqual({ cipher, reached: false });
        });

        check("no other cipher suites of TLS 1.3", async () => {
          // OpenSSL's own list has it not, and a host's openssl.cnf may.
          expect(await reaches({ ...only("TLSv1.3"), ciphers: "TLS_AES_128_CCM_SHA256" })).toBe(false);
        });

        check("the profile's groups", async () => {
          // What the description says of groups is for clients.
          for (const group of upstreamProfileOn(proxyId, site).groups.filter((name) => name !== "X25519MLKEM768")) expect({ group, reached: await reaches({ ecdhCurve: group }) }).toEqual({ group, reached: true });
        });

        check("others where the server has no setting for them", async () => {
          const settled = (proxyId === "nginx" && has(site.versions, "nginxConfCommand")) || (proxyId === "haproxy" && has(site.versions, "haproxyServerCurves")) || (proxyId === "caddy" && has(site.versions, "caddyNewWords"));
          for (const group of ["secp521r1", "X448"]) expect({ group, reached: await reaches({ ecdhCurve: group }) }).toEqual({ group, reached: !settled && !(isGo && group === "X448") });
        });

        if (verified) check("known limit: a certificate with the name as its common name only is taken for mailcow's", async () => {
          expect(await reaches({}, world.authority.issue([], "rsa", "mail.example.org"))).toBe(!isGo);
          expect(await reaches({}, world.authority.issue([], "rsa", "other.example.net"))).toBe(false);
          // Beside other names it counts for HAProxy and Apache.
          expect(await reaches({}, world.authority.issue(["other.example.net"], "rsa", "mail.example.org"))).toBe(proxyId === "haproxy" || proxyId === "apache");
        });
      });
    }
  }
});
