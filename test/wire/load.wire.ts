/** Every good case of the unit tests starts on the real server, beside the stock configuration, and answers. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { isIPv6 } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import programs from "../servers.json" with { type: "json" };
import { keysOf } from "../../src/core/keys-of.ts";
import { has, versionsFor } from "../../src/core/site/platform.ts";
import { features, servers } from "../../src/core/site/servers.ts";
import type { Site } from "../../src/core/site/site.ts";
import { cannot } from "./world/cannot.ts";
import { makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { currentVersion, isMachines, platform, proxyId, renderFile } from "./world/description.ts";
import { freshFilesystem } from "./world/filesystem.ts";
import { install, placeCertificate, validate } from "./world/installation.ts";
import { isComplaint, type Layout, proxy } from "./world/proxy.ts";
import { withNewLines } from "./world/new-lines.ts";
import { encodeVersion2 } from "./world/proxy-protocol.ts";
import { type Resolver, startResolver } from "./world/resolver.ts";
import { endpoints, ensureAddress, layOut, placeCaFile, type Running, startServer, stockComplaints } from "./world/world.ts";

const folder = new URL("../cases/ok/", import.meta.url).pathname;
const snapshots = new URL("../__snapshots__/ok/", import.meta.url).pathname;
/** What each case becomes, by its file, and once more as it stands. */
const made = new Map<string, ReturnType<typeof renderFile>>();
function outputOf(file: string, asItStands: boolean): ReturnType<typeof renderFile> {
  const key = `${file} ${asItStands}`;
  const known = made.get(key) ?? renderFile(`${folder}${file}`, { asItStands });
  made.set(key, known);
  return known;
}
const says = (file: string, pattern: RegExp) => pattern.test(readFileSync(`${folder}${file}`, "utf8"));
/** What a case names another platform for is not for these servers; its own run has it. Nor is what only newer ones can do. */
const elsewhere = (file: string) => (platform !== "debian-13" && says(file, /^platform: (?:debian-13|rhel-10)$/m)) || isForNewer(file);
const own = versionsFor(platform === "debian-13" ? platform : "debian-12", currentVersion === undefined ? { traefik: programs.traefik.current.version } : { [proxyId]: currentVersion });
const parts: ReadonlySet<string> = new Set([proxyId, servers[proxyId].tlsLibrary]);
const isForNewer = (file: string) => {
  const rendered = outputOf(file, false);
  return !("refused" in rendered) && keysOf(features).some((feature) => parts.has(features[feature].server) && has(rendered.site.versions, feature) && !has(own, feature));
};
/** Other packages have other folders and stock files. */
function layoutOf(file: string): Layout | undefined {
  if (says(file, /^packages: nginx\.org$/m)) return "nginx.org";
  return platform === undefined && says(file, /^platform: rhel-/m) ? "rhel" : undefined;
}
const cases = readdirSync(folder).filter((file) => file.endsWith(".yaml") && !elsewhere(file)).toSorted();

/** Without a platform the output is for all of them, and so for one that is not the machine's own. */
const all = cases.flatMap((file) => [
  { title: file, file, asItStands: false },
  ...(isMachines || says(file, /^(platform|versions):/m) ? [] : [{ title: `${file}, for any platform`, file, asItStands: true }]),
]).map((load) => {
  const rendered = outputOf(load.file, load.asItStands);
  // Each refusal is tried.
  return { ...load, texts: "refused" in rendered ? [`refused ${load.title}`] : rendered.outputs.map(({ content }) => content) };
});
/** Those whose snapshots have files of this server, and of the others such as differ from them. */
const isOwn = ({ file }: { file: string }) => existsSync(`${snapshots}${file.replace(/\.yaml$/, "")}/${proxyId}`);
const loads = isMachines ? [...all.filter(isOwn), ...withNewLines(all).filter((load) => !isOwn(load))] : withNewLines(all);

/** Warnings that the head announces: of other sites on the port that say nothing of PROXY protocol, and of the form that all versions know. */
const announcements = [
  { warning: "protocol options redefined", head: "From 1.23.4 on, nginx warns" },
  { warning: '"listen ... http2" directive is deprecated', head: 'load it and warn about "listen ... http2"' },
  { warning: "the 'basicauth' directive is deprecated", head: 'Later versions warn about "basicauth"' },
  // Caddy warns of the word in the file, and of what it becomes in the JSON.
  ...["The 'tls_trusted_ca_certs' field is deprecated", "root_ca_pool and root_ca_pem_files are deprecated"].map((warning) => ({ warning, head: /Later versions warn about (?:"basicauth" and )?"tls_trusted_ca_certs"/ })),
];

/** What the head announces that a version with the feature refuses: there is no form for all versions. */
const refusal = { feature: "caddyNewWords", says: "the 'forwarded' option is no longer supported", head: 'Later versions refuse "remote_ip forwarded"' } as const;

describe("company", () => {
  test("there are cases", () => expect(cases.length).toBeGreaterThan(0));

  let running: Running | undefined;
  let dns: Resolver | undefined;

  beforeAll(async () => {
    await stockComplaints();
  });
  afterEach(async () => {
    await running?.stop();
    await dns?.stop();
    [running, dns] = [undefined, undefined];
  });

  for (const { title, file, asItStands } of loads) {
    test(title, async () => {
      const rendered = outputOf(file, asItStands);
      if ("refused" in rendered) {
        // What a server cannot do is refused by its target alone; the case is good for another one.
        expect(cannot).toEqual(expect.arrayContaining([...rendered.refused]));
        return;
      }
      const known = await stockComplaints(layoutOf(file));
      freshFilesystem();
      layOut(layoutOf(file));
      const authority = makeAuthority();
      const { site, outputs } = rendered;
      placeCertificate(site, authority);
      placeCaFile(rendered, authority);
      const listening = endpoints(site);
      await proxy.prepare();
      const { resolver, main } = site.proxy.upstream;
      // HAProxy connects to its DNS server when it checks its configuration, and would tell of each address that it gets.
      if (resolver !== undefined) ensureAddress(resolver);
      // nginx asks at the start, and complains if nobody answers.
      if (resolver !== undefined && proxyId === "nginx") {
        dns = await startResolver(resolver);
        dns.point(main.address, "172.22.1.40");
      }
      const failed = install(outputs);
      const checked = validate(outputs);
      const heads = outputs.map(({ content }) => content);
      if (has(own, refusal.feature) && heads.some((text) => text.includes(refusal.head))) {
        expect(checked.status).not.toBe(0);
        expect(checked.text).toContain(refusal.says);
        return;
      }
      expect.soft(failed).toEqual([]);
      const announced = (line: string) => announcements.some(({ warning, head }) => line.includes(warning) && heads.some((text) => (typeof head === "string" ? text.includes(head) : head.test(text))));
      expect(checked.text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558") && !announced(line))).toEqual([]);
      expect(checked.status).toBe(0);
      running = await startServer(listening, known);
      // There is no mailcow behind these, which a server may notice.
      expect(running.complaintsAtStart.filter((line) => !announced(line))).toEqual([]);
      const asked = listening.flatMap(({ host, port }) => origins(site, host).map((origin) => ({ host, port, origin })));
      expect(asked.length).toBeGreaterThan(0);
      for (const { host, port, origin } of asked) {
        const https = port !== site.proxy.httpPort;
        // Without an authority, there is no certificate.
        if (https && site.tls.issuer === "proxy") continue;
        const name = https ? "unknown.example.net" : site.publicName;
        const prefix = site.proxy.proxyProtocol.accept ? encodeVersion2({ source: origin, sourcePort: 1, destination: host, destinationPort: port }) : undefined;
        const route = { host, port, from: origin, prefix, tls: https ? { servername: site.publicName } : undefined };
        const { status } = await exchange(route, `GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
        // Where TLS ends before the proxy, strangers are refused, and a request that does not say what the client used, which with
        // Traefik counts as http.
        const unsaid = proxyId === "traefik" && site.proxy.trustedProxies.some((network) => network.split("/")[0] === origin) ? 301 : 403;
        expect({ host, port, status }).toEqual({ host, port, status: https ? 421 : site.proxy.tlsBefore ? unsaid : 301 });
      }
    });
  }
});

/** Where requests to a listener can come from: with PROXY protocol only trusted proxies of its family, if there are any. */
function origins(site: Site, host: string): string[] {
  const family = isIPv6(host) ? 6 : 4;
  if (!site.proxy.proxyProtocol.accept) return [family === 6 ? "::1" : "127.0.0.1"];
  const trusted = site.proxy.trustedProxies.map((network) => network.split("/")[0] ?? "").filter((address) => isIPv6(address) === (family === 6));
  for (const address of trusted) ensureAddress({ address, family });
  return trusted;
}
