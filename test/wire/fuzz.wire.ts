/**
 * Descriptions of all kinds, made by fast-check, on the real server: each passes the server's own check beside the stock
 * configuration without a warning, alone or with others, and many of them start and answer in one server.
 */
import { rmSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { compareVersions, versionsFor } from "../../src/core/site/platform.ts";
import { families, software } from "../../src/core/site/servers.ts";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import type { Site } from "../../src/core/site/site.ts";
import { type Description, description } from "../descriptions.ts";
import { cannot } from "./world/cannot.ts";
import { type Certificate, makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { render, renderValid } from "./world/description.ts";
import { validate } from "./world/installation.ts";
import { enabled, prepareForMany, write } from "./world/many-sites.ts";
import { proxy } from "./world/proxy.ts";
import { encodeVersion2 } from "./world/proxy-protocol.ts";
import { isComplaint } from "./world/proxy.ts";
import { value } from "./world/reply.ts";
import { type Running, startServer, withoutNumbers } from "./world/world.ts";

/** The same descriptions each time; `npm run fuzz` makes more, and others each time. */
const runs = Number(process.env["FUZZ"] ?? 400);
const seed = Number(process.env["FUZZ_SEED"] ?? 20_260_401);
/** Of those, as many as are checked one by one, with their ports and names, and the server's sizes, as they are. */
const alone = Math.ceil(runs / 5);
/** At most as many sites are in one server. */
const together = 40;
const starts = Math.ceil(runs / 100);

describe("company", () => {
  let certificate: Certificate;
  let known: ReadonlySet<string>;

  beforeAll(async () => {
    known = await prepareForMany();
    certificate = makeAuthority().issue(["mail.example.org"]);
  });

  function check(descriptions: readonly Description[]): void {
    const rendered = descriptions.map((data) => renderValid(stringify(data)));
    const outputs = rendered.flatMap((one) => one.outputs);
    try {
      for (const output of outputs) place(output, certificate);
      const { status, text } = validate(outputs);
      expect(text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558") && !known.has(withoutNumbers(line)))).toEqual([]);
      expect(status).toBe(0);
    } finally {
      remove(outputs);
    }
  }

  /** @returns how many were checked */
  function checkMany(start: number): number {
    let checked = 0;
    fc.assert(
      fc.property(many, (all) => {
        check(all.map((data, index) => apart(suited(data, String(index)), index)));
        checked += all.length;
      }),
      { seed: start, numRuns: 10 },
    );
    return checked;
  }

  test(`${alone} arbitrary descriptions pass the server's own check without a warning`, () => {
    fc.assert(fc.property(possible, (data) => check([suited(data, "x")])), { seed, numRuns: alone });
  }, 1_000 * alone);

  test(`${runs - alone} others do, many at a time`, () => {
    proxy.makeRoom();
    for (let left = runs - alone, next = seed + 1; left > 0; next++) left -= checkMany(next);
  }, 1_000 * runs);

  test(`${starts} times up to ${together} start in one server and answer`, async () => {
    proxy.makeRoom();
    await fc.assert(
      fc.asyncProperty(many, async (all) => {
        const rendered = all.map((data, index) => renderValid(stringify(onLoopback(apart(suited(data, String(index)), index)))));
        const outputs = rendered.flatMap((one) => one.outputs);
        let running: Running | undefined;
        try {
          for (const output of outputs) place(output, certificate);
          running = await startServer(rendered.flatMap(({ site }) => doors(site).map((host) => ({ host, port: site.proxy.httpPort }))), known);
          // One certificate for all has not the names of each.
          expect(running.complaintsAtStart.filter((line) => !line.includes("AH01909"))).toEqual([]);
          for (const { site } of rendered) await redirects(site);
        } finally {
          await running?.stop();
          remove(outputs);
        }
      }),
      { seed, numRuns: starts },
    );
  }, 60_000 * starts);
});

/** Each address of the site answers. */
async function redirects(site: Site): Promise<void> {
  for (const host of doors(site)) {
    const prefix = site.proxy.proxyProtocol.accept ? encodeVersion2({ source: host, sourcePort: 1, destination: host, destinationPort: 1 }) : undefined;
    const reply = await exchange({ host, port: site.proxy.httpPort, from: host, prefix }, `GET /x HTTP/1.1\r\nHost: ${site.publicName}\r\nX-Forwarded-Proto: http\r\n\r\n`);
    expect(value(reply, "location"), `${site.publicName} at ${host}`).toBe(`https://${site.publicName}${site.proxy.publicHttpsPort === 443 ? "" : `:${site.proxy.publicHttpsPort}`}/x`);
  }
}

const machine = versionsFor("debian-12", {});

/** What this server can do. Any other error is a failure. */
const possible = description.filter((data) => {
  const rendered = render(stringify(suited(data, "x")));
  return !("refused" in rendered && rendered.refused.every((code) => cannot.includes(code)));
});

/** One after the other is taken out, until those are left that it needs to fail. */
const many = fc.array(possible, { minLength: 1, maxLength: together, size: "max" });

/** The description for the servers of this machine, with its files in a folder where tests may write. */
function suited({ platform, versions = {}, tls: { groups, ...tls } = {}, mailcow, proxy = {}, ...rest }: Description, folder: string): Description {
  const moved = (file: string) => `/srv/fuzz/${folder}${file}`;
  const left = groups?.filter((group) => group !== "X25519MLKEM768") ?? [];
  const { upstream } = proxy;
  return {
    ...rest,
    ...(platform === undefined ? {} : { platform: software.openssl.versions[platform] === "3.0" && families[platform] === "debian" ? platform : "debian-12" }),
    versions: {
      ...(versions.nginx !== undefined && compareVersions(versions.nginx, machine.nginx) <= 0 ? { nginx: versions.nginx } : {}),
      ...(versions.apache !== undefined && compareVersions(versions.apache, machine.apache) <= 0 ? { apache: versions.apache } : {}),
      ...(versions.haproxy !== undefined && compareVersions(versions.haproxy, machine.haproxy) <= 0 ? { haproxy: versions.haproxy } : {}),
      ...(versions.openssl !== undefined && compareVersions(versions.openssl, machine.openssl) <= 0 ? { openssl: versions.openssl } : {}),
    },
    tls: {
      ...tls,
      ...(left.length > 0 ? { groups: left } : {}),
      // A path may not be a file for one of them and a folder for the other.
      ...("certificate" in tls ? { certificate: `${moved(tls.certificate)}.pem`, key: `${moved("/key")}${tls.key}` } : {}),
    },
    mailcow: { ...mailcow, directory: moved(mailcow?.directory ?? "/mailcow") },
    // HAProxy warns of a DNS server that it has no route to.
    proxy: { ...proxy, ...(upstream === undefined ? {} : { upstream: { ...upstream, ...("resolver" in upstream && upstream.resolver !== undefined ? { resolver: upstream.resolver.includes(":") ? "::1" : "127.0.0.53" } : {}), ...("verify" in upstream && upstream.verify !== undefined && upstream.verify !== "off" ? { verify: `${moved("/ca")}${upstream.verify}` } : {}) } }) },
  };
}

/** The same with a name and ports of its own, so that many are told apart. */
function apart({ hostname, proxy, ...rest }: Description, index: number): Description {
  return { ...rest, hostname: `n${index}.${hostname}`, proxy: { ...proxy, http_port: 20_000 + 2 * index, ...(proxy?.tls_ends === "before" ? {} : { https_port: 20_001 + 2 * index }) } };
}

/** The same where it can be reached, by a proxy that is trusted. */
function onLoopback({ proxy, ...rest }: Description): Description {
  const listen = proxy?.listen?.map((address) => (address === "0.0.0.0" || address === "::" ? address : address.includes(":") ? "::1" : "127.0.0.1"));
  return { ...rest, proxy: { ...proxy, ...(listen === undefined ? {} : { listen }), trusted_proxies: ["127.0.0.0/8", "::1"] } };
}

/** Addresses at which a site on the loopback is reached. */
function doors({ proxy: { listen: listeners } }: Site): string[] {
  return [...new Set(listeners.map(({ family }) => (family === 4 ? "127.0.0.1" : "::1")))];
}

function remove(outputs: readonly OutputFile[]): void {
  for (const output of outputs) rmSync(enabled(output), { force: true });
  // What is a file for one description is a folder for another.
  rmSync("/srv/fuzz", { recursive: true, force: true });
}

/** Puts a file where the server reads it, and a certificate, key and CA at each path that it names. */
function place(output: OutputFile, { certificate, key }: Certificate): void {
  const { content } = output;
  write(enabled(output), content);
  // HAProxy takes a file or all files of a folder.
  for (const [, file = ""] of content.matchAll(/ crt (\S+)/g)) write(file.endsWith(".pem") ? file : `${file}/one.pem`, certificate + key);
  for (const [, file = ""] of content.matchAll(/^\ttls (\/\S+) /gm)) write(file, certificate + key);
  for (const [, directive = "", file = ""] of content.matchAll(/^\s*(\w*ssl_\w+|SSL\w+|server .* ca-file|tls_trusted_ca_certs) (\/[^\s;]+)/gm)) write(file, /key/i.test(directive) ? key : certificate);
}
