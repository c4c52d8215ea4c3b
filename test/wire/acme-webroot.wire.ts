/** An ACME client on the proxy's host: its tokens are answered from its folder, all others by mailcow, and nothing else of the folder is served. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileServers } from "../../src/core/site/servers.ts";
import { certificateNames } from "./contract/certificate-names.ts";
import { ofServer } from "./contract/check.ts";
import { http } from "./contract/http.ts";
import { tlsBefore } from "./contract/tls-before.ts";
import { exchange } from "./world/client.ts";
import { proxyId, render, renderValid } from "./world/description.ts";
import { value } from "./world/reply.ts";
import { outer, untrusted, type Variant, variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const webroot = "/var/www/acme";
const description = `
hostname: mail.example.org
certificate_names: ["imap.*"]
other_sites: [cloud.example.com]
tls: { acme_webroot: ${webroot} }
`;
const [minimal] = variants;
if (minimal === undefined) throw new Error("there is no variant");
const here: Variant = { ...minimal, description, certificateNames: ["imap.example.org", "imap.sub.example.net"] };
const situations: readonly (readonly [title: string, variant: Variant])[] = [
  ["TLS ends here", here],
  ["TLS ends before", { ...here, arrival: "forwarded", access: true, description: `${description}proxy: { http_port: 8000, tls_ends: before, trusted_proxies: [198.51.100.0/28, "${outer.v6}"] }
access: [{ path: /, allow: [203.0.113.0/24, "2001:db8::/32"] }]
` }],
];

const folder = `${webroot}/.well-known/acme-challenge`;
const challenge = "/.well-known/acme-challenge";
const token = "known-Token_1";
const answer = `${token}.of-the-client`;

/** Other spellings of the token's path, and ways to other files. */
const others = [
  `${challenge}/../../secret`, `${challenge}/..%2f..%2fsecret`, `${challenge}/%2e%2e/%2e%2e/secret`, `${challenge}/..`, `${challenge}/.`, `${challenge}/`, challenge,
  `${challenge}/sub/secret`, `${challenge}/sub%2fsecret`, `${challenge}/sub`, `${challenge}/${token}/`, `${challenge}/${token}.txt`, `${challenge}/${token}%00`, `${challenge}/${token}%00.txt`,
  `${challenge}/${token}%20`, `${challenge}/%6bnown-Token_1`, `${challenge}/${token};x`, `${challenge}/${token.toUpperCase()}`, `/.WELL-KNOWN/acme-challenge/${token}`,
  `/.well-known//acme-challenge/${token}`, `/%2ewell-known/acme-challenge/${token}`, `/x/../.well-known/acme-challenge/${token}`, `/.well-known/acme-challenge%2f${token}`,
  `${challenge}/secret.txt`, "/secret", "/.well-known/secret",
];

if (!fileServers.includes(proxyId)) {
  describe("http", () => {
    test(`refused, ${proxyId} cannot`, () => expect(render(description)).toEqual({ refused: ["acme-webroot-server"] }));
  });
} else {
  for (const [title, variant] of situations) describe("http", () => void describe(title, () => {
    let world: World;
    const { site } = renderValid(variant.description);

    beforeAll(async () => {
      world = await openWorld(variant);
      mkdirSync(`${folder}/sub`, { recursive: true });
      for (const file of [`${webroot}/secret`, `${webroot}/.well-known/secret`, `${folder}/sub/secret`, `${folder}/secret.txt`]) writeFileSync(file, "secret");
      writeFileSync(`${folder}/${token}`, answer);
    });
    // A world that did not open has nothing to close.
    afterAll(() => (world as World | undefined)?.close());

    /** What a token gets: its client's answer, mailcow's, or the status. */
    async function asked(name: string, host = world.site.hostname): Promise<unknown> {
      const reply = await world.ask({ scheme: "http", host, target: `${challenge}/${name}` });
      if (reply.status !== 200) return reply.status;
      return reply.body.toString() === `${name}.thumbprint` ? "mailcow" : reply.body.toString();
    }

    test("loads without a complaint", () => {
      expect(world.failures).toEqual([]);
      expect(world.running.complaintsAtStart).toEqual([]);
    });

    test("a token in the folder is answered from it, for every name", async () => {
      for (const host of [world.site.hostname, ...variant.otherNames, ...(variant.certificateNames ?? []), ...site.otherSites, `${world.site.hostname}:80`, "MAIL.example.org."]) {
        for (const target of [`${challenge}/${token}`, `${challenge}/${token}?x=/../secret`]) {
          const reply = await world.keptOut({ scheme: "http", host, target });
          expect({ host, status: reply.status, body: reply.body.toString(), type: value(reply, "content-type") }).toEqual({ host, status: 200, body: answer, type: "text/plain" });
        }
      }
      const head = await world.ask({ scheme: "http", method: "HEAD", target: `${challenge}/${token}` });
      expect({ status: head.status, body: head.body.length }).toEqual({ status: 200, body: 0 });
    });

    test("a token that is not in the folder is mailcow's", async () => {
      for (const name of ["unknown", "known-Token_", "known-Token_11", "-", "secret"]) expect({ name, got: await asked(name) }).toEqual({ name, got: "mailcow" });
    });

    test("an unknown name and https do not have the folder", async () => {
      // The distribution's own site may answer it.
      for (const host of ["unknown.example.net", "mail.example.org:80@example.net"]) {
        expect((await world.ask({ scheme: "http", host, target: `${challenge}/${token}` })).body.toString()).not.toContain(answer);
      }
      expect((await world.reach({ target: `${challenge}/${token}` })).reply.body.toString()).not.toBe(answer);
    });

    test("nothing else of the folder is served, however the path is written", async () => {
      for (const host of [world.site.hostname, "imap.example.org", ...site.otherSites]) {
        for (const target of others) {
          const reply = await world.ask({ scheme: "http", host, target });
          const body = reply.body.toString();
          expect({ target, served: body.includes(answer) || body === "secret" || /Index of/.test(body) }).toEqual({ target, served: false });
        }
      }
    });

    test("a link, and what the workers cannot read, is not served", async () => {
      symlinkSync(`${webroot}/secret`, `${folder}/link`);
      writeFileSync(`${folder}/closed`, answer);
      chmodSync(`${folder}/closed`, 0o600);
      const wanted = ofServer<unknown>({ nginx: "mailcow", apache: 403 });
      expect(await asked("link")).toEqual(wanted);
      expect(await asked("closed")).toEqual(wanted);
      chmodSync(webroot, 0o700);
      try {
        expect(await asked(token)).toBe("mailcow");
      } finally {
        chmodSync(webroot, 0o755);
      }
      expect(await asked(token)).toBe(answer);
    });

    if (site.proxy.tlsBefore) test("only the proxy in front gets a token, and only for plain http", async () => {
      for (const host of [world.site.hostname, "imap.example.org", ...site.otherSites]) {
        const asked = async (from: string, headers: string) => (await exchange({ ...world.route(), from }, `GET ${challenge}/${token} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`)).body.toString() === answer;
        expect([host, await asked(outer.v4, "X-Forwarded-Proto: http\r\n")]).toEqual([host, true]);
        for (const [from, headers] of [[untrusted.v4, "X-Forwarded-Proto: http\r\n"], [outer.v4, ""], [outer.v4, "X-Forwarded-Proto: https\r\n"]] as const) expect([host, from, headers, await asked(from, headers)]).toEqual([host, from, headers, false]);
      }
    });

    for (const check of [...http, ...certificateNames, ...tlsBefore].filter(({ when }) => when === undefined || when({ variant, site }))) test(check.name, () => check.run(world), check.limit);
  }));
}
