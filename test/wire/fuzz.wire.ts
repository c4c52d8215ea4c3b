/**
 * Descriptions of all kinds, made by fast-check, on the real server: each passes the server's own check beside the stock
 * configuration without a warning, alone or with others, and many of them start and answer in one server.
 */
import { rmSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import programs from "../servers.json" with { type: "json" };
import { compareVersions, versionsFor } from "../../src/core/site/platform.ts";
import { families, software } from "../../src/core/site/servers.ts";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { sha256 } from "../../src/core/output/sha256.ts";
import type { Site } from "../../src/core/site/site.ts";
import { renderAll } from "../../src/pipeline/render.ts";
import { type Description, description } from "../descriptions.ts";
import { cannot } from "./world/cannot.ts";
import { type Certificate, makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { proxyId, type Rendered, render, renderValid } from "./world/description.ts";
import { validate } from "./world/installation.ts";
import { enabled, mergeAll, prepareForMany, write } from "./world/many-sites.ts";
import { proxy } from "./world/proxy.ts";
import { encodeVersion2 } from "./world/proxy-protocol.ts";
import { isComplaint } from "./world/proxy.ts";
import { value } from "./world/reply.ts";
import { type Running, startServer, withoutNumbers } from "./world/world.ts";

/** The same descriptions each time; `npm run fuzz` makes more, and others each time. Traefik has no check, so each is a start. */
const runs = Number(process.env["FUZZ"] ?? (proxyId === "traefik" ? 40 : 120));
const seed = Number(process.env["FUZZ_SEED"] ?? 20_260_401);
/** Of those, as many as are checked one by one, with their ports and names, and the server's sizes, as they are. */
const alone = Math.ceil(runs / (proxyId === "traefik" ? 10 : 5));
/** For each kind of check, in milliseconds: many times what it takes on a machine that has nothing else to do. */
const patience = Math.max(600_000, 2_000 * runs);
/** At most as many sites are in one server. */
const together = 40;
const starts = Math.ceil(runs / 100);

/** Many descriptions that fail would be shrunk for hours. It ends before its test does, with what it has found until then. */
function within(milliseconds: number) {
  return { interruptAfterTimeLimit: 0.8 * milliseconds, markInterruptAsFailure: true };
}

describe("company", () => {
  let certificate: Certificate;
  let known: ReadonlySet<string>;

  beforeAll(async () => {
    known = await prepareForMany();
    certificate = makeAuthority().issue(["mail.example.org"]);
  });

  async function check(descriptions: readonly Description[]): Promise<void> {
    const rendered = descriptions.map((data) => renderValid(stringify(data)));
    const outputs = outputsOf(rendered);
    try {
      placeAll(outputs, certificate);
      const { status, text } = validate(outputs);
      expect(text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558") && !known.has(withoutNumbers(line)))).toEqual([]);
      expect(status).toBe(0);
    } finally {
      await remove(outputs);
    }
  }

  /** @returns how many were checked */
  async function checkMany(start: number): Promise<number> {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(many, async (all) => {
        await check(all.map((data, index) => apart(suited(data, String(index)), index)));
        checked += all.length;
      }),
      // Each has some twenty.
      { seed: start, numRuns: proxyId === "traefik" ? 2 : 10, ...within(patience) },
    );
    return checked;
  }

  test(`${alone} arbitrary descriptions pass the server's own check without a warning`, async () => {
    await fc.assert(fc.asyncProperty(possible, (data) => check([suited(data, "x")])), { seed, numRuns: alone, ...within(patience) });
  }, patience);

  test(`${runs - alone} others do, many at a time`, async () => {
    proxy.makeRoom();
    for (let left = runs - alone, next = seed + 1; left > 0; next++) left -= await checkMany(next);
  }, patience);

  test(`${starts} times up to ${together} start in one server and answer`, async () => {
    proxy.makeRoom();
    await fc.assert(
      fc.asyncProperty(many, async (all) => {
        const rendered = all.map((data, index) => renderValid(stringify(onLoopback(apart(suited(data, String(index)), index)))));
        const outputs = outputsOf(rendered);
        let running: Running | undefined;
        try {
          placeAll(outputs, certificate);
          running = await startServer(rendered.flatMap(({ site }) => doors(site).map((host) => ({ host, port: site.proxy.httpPort }))), known);
          // One certificate for all has not the names of each.
          expect(running.complaintsAtStart.filter((line) => !line.includes("AH01909"))).toEqual([]);
          for (const { site } of rendered) await redirects(site);
        } finally {
          await running?.stop();
          await remove(outputs);
        }
      }),
      { seed, numRuns: starts, ...within(patience) },
    );
  }, patience);
});

/** Caddy has one place for its options, so all sites of it are in common files. */
function outputsOf(rendered: readonly Rendered[]): readonly OutputFile[] {
  return proxyId === "caddy" ? renderAll(rendered.map(({ site }) => ({ site, targets: [proxyId] })), { sha256 }) : rendered.flatMap(({ outputs }) => outputs);
}

/** Each address of the site answers. */
async function redirects(site: Site): Promise<void> {
  for (const host of doors(site)) {
    const prefix = site.proxy.proxyProtocol.accept ? encodeVersion2({ source: host, sourcePort: 1, destination: host, destinationPort: 1 }) : undefined;
    const reply = await exchange({ host, port: site.proxy.httpPort, from: host, prefix }, `GET /x HTTP/1.1\r\nHost: ${site.publicName}\r\nX-Forwarded-Proto: http\r\n\r\n`);
    expect(value(reply, "location"), `${site.publicName} at ${host}`).toBe(`https://${site.publicName}${site.proxy.publicHttpsPort === 443 ? "" : `:${site.proxy.publicHttpsPort}`}/x`);
  }
}

const machine = versionsFor("debian-12", { traefik: programs.traefik.current.version });

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
      // It warns of settings that its older versions do not have.
      traefik: machine.traefik,
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

/** The same with names, ports and entry points of its own, so that many are told apart. */
function apart({ hostname, mail_domains: domains, additional_server_names: additional, certificate_names: certified, other_sites: others, access, proxy, ...rest }: Description, index: number): Description {
  // What ends with .* is in every domain; Caddy has no such names, and the others tell the ports apart.
  const own = (name: string) => (name.endsWith(".*") ? name : name.startsWith("*.") ? `*.n${index}.${name.slice(2)}` : `n${index}.${name}`);
  const all = (names: readonly string[]) => names.map(own);
  return {
    ...rest,
    hostname: own(hostname),
    ...(domains === undefined ? {} : { mail_domains: all(domains) }),
    ...(additional === undefined ? {} : { additional_server_names: all(additional) }),
    ...(certified === undefined ? {} : { certificate_names: all(certified) }),
    ...(others === undefined ? {} : { other_sites: all(others) }),
    ...(access === undefined ? {} : { access: access.map((rule) => (rule.names === undefined ? rule : { ...rule, names: all(rule.names) })) }),
    proxy: {
      ...proxy,
      http_port: 20_000 + 2 * index,
      ...(proxy?.tls_ends === "before" ? {} : { https_port: 20_001 + 2 * index }),
      ...(proxyId === "traefik" ? { entry_points: { http: `http${index}`, ...(proxy?.tls_ends === "before" ? {} : { https: `https${index}` }) } } : {}),
    },
  };
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

async function remove(outputs: readonly OutputFile[]): Promise<void> {
  for (const output of outputs) if (output.install !== "merged") rmSync(enabled(output), { force: true });
  // The file that the others were merged into begins anew.
  if (outputs.some(({ install }) => install === "merged")) await proxy.prepare();
  // What is a file for one description is a folder for another.
  rmSync("/srv/fuzz", { recursive: true, force: true });
}

function placeAll(outputs: readonly OutputFile[], certificate: Certificate): void {
  for (const output of outputs) if (output.install !== "merged") place(output, certificate);
  mergeAll(outputs);
}

/** Puts a file where the server reads it, and a certificate, key and CA at each path that it names. */
function place(output: OutputFile, { certificate, key }: Certificate): void {
  const { content } = output;
  write(enabled(output), content);
  // HAProxy takes a file or all files of a folder.
  for (const [, file = ""] of content.matchAll(/ crt (\S+)/g)) write(file.endsWith(".pem") ? file : `${file}/one.pem`, certificate + key);
  for (const [, file = ""] of content.matchAll(/^\ttls (\/\S+) /gm)) write(file, certificate + key);
  // Traefik warns of a certificate that two files have.
  for (const [, directive = "", file = ""] of content.matchAll(/^\s+(?:- )?(certFile|keyFile|rootCAs):(?: |\n\s+- )?"?(\/[^"\n]+)"?$/gm)) write(file, /key/i.test(directive) ? key : `${certificate}# ${file}\n`);
  for (const [, directive = "", file = ""] of content.matchAll(/^\s*(\w*ssl_\w+|SSL\w+|server .* ca-file|tls_trusted_ca_certs) (\/[^\s;]+)/gm)) write(file, /key/i.test(directive) ? key : certificate);
}
