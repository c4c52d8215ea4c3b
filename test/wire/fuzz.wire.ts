/**
 * Descriptions of all kinds, made by fast-check, on the real server: each passes the server's own check beside the stock
 * configuration without a warning, and many of them start and answer in one server.
 */
import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Site } from "../../src/core/site.ts";
import { description } from "../descriptions.ts";
import { type Certificate, makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { renderShared } from "./world/description.ts";
import { validate } from "./world/installation.ts";
import { enabled, makeRoom, prepareForMany, write } from "./world/many-sites.ts";
import { encodeVersion2 } from "./world/proxy-protocol.ts";
import { isComplaint } from "./world/proxy.ts";
import { value } from "./world/reply.ts";
import { type Running, startServer, withoutNumbers } from "./world/world.ts";

/** The same descriptions each time; `npm run fuzz` makes more, and others each time. */
const runs = Number(process.env["WIRE_FUZZ"] ?? 300);
const seed = process.env["WIRE_FUZZ_SEED"] ?? "20260401";
/** Sites in one server. */
const together = 40;

describe("company", () => {
  let certificate: Certificate;
  let known: ReadonlySet<string>;
  let running: Running | undefined;
  const accepted: object[] = [];

  beforeAll(async () => {
    known = await prepareForMany();
    certificate = makeAuthority().issue(["mail.example.org"]);
  });
  afterAll(() => running?.stop());

  test(`${runs} arbitrary descriptions pass the server's own check without a warning`, () => {
    fc.assert(
      fc.property(description, (data) => {
        const rendered = render([suited(data, "x")]);
        // What this server cannot do, and what these versions do not have.
        fc.pre(rendered !== undefined);
        place(rendered, certificate);
        try {
          const { status, text } = validate(rendered.outputs);
          expect(text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558") && !known.has(withoutNumbers(line)))).toEqual([]);
          expect(status).toBe(0);
        } finally {
          for (const output of rendered.outputs) rmSync(enabled(output));
          // What is a file for one of them is a folder for another.
          rmSync("/srv/fuzz", { recursive: true, force: true });
        }
        if (accepted.length < together) accepted.push(suited(data, String(accepted.length)));
      }),
      { seed: Number(seed), numRuns: runs },
    );
  }, 1_000 * runs);

  test(`${together} of them start in one server and answer`, async () => {
    const rendered = accepted.map((data, index) => render([apart(data, index)]));
    const sites: Site[] = [];
    for (const one of rendered) {
      if (one === undefined) throw new Error("a description is refused that was accepted before");
      place(one, certificate);
      sites.push(...one.hosts.map(({ site }) => site));
    }
    expect(sites.length).toBe(together);
    makeRoom();
    running = await startServer(sites.map(({ httpPort }) => ({ host: "127.0.0.1", port: httpPort })), known);
    // One certificate for all has not the names of each.
    expect(running.complaintsAtStart.filter((line) => !line.includes("AH01909"))).toEqual([]);
    for (const site of sites) {
      const trusted = site.proxyProtocol.accept ? encodeVersion2({ source: "127.0.0.1", sourcePort: 1, destination: "127.0.0.1", destinationPort: 1 }) : undefined;
      const route = { host: "127.0.0.1", port: site.httpPort, from: "127.0.0.1", prefix: trusted };
      const reply = await exchange(route, `GET /x HTTP/1.1\r\nHost: ${site.hostname}\r\n\r\n`);
      expect(value(reply, "location")).toBe(`https://${site.hostname}:${site.httpsPort}/x`);
    }
  });
});

type Data = (typeof description) extends fc.Arbitrary<infer T> ? T : never;
type Rendered = Exclude<ReturnType<typeof renderShared>, { refused: unknown }>;

/** The data for the servers of this machine, with files in a folder where tests may write. */
function suited(data: Data, place: string): object {
  const { platform, tls, mailcow, proxy: proxyKeys, ...rest } = data;
  const moved = (file: string | undefined) => (file === undefined || !file.startsWith("/") ? file : `/srv/fuzz/${place}${file}`);
  const { upstream } = proxyKeys;
  return prune({
    ...rest,
    platform: platform === "debian-13" ? "debian-12" : platform,
    tls: { ...tls, ...("certificate" in tls ? { certificate: moved(tls.certificate), key: moved(`${tls.key}.key`) } : {}) },
    mailcow: { ...mailcow, directory: moved(mailcow?.directory) },
    proxy: { ...proxyKeys, upstream: upstream === undefined ? undefined : { ...upstream, ...("verify" in upstream ? { verify: moved(upstream.verify) } : {}) } },
  });
}

/** The same with a name and ports of its own, on the loopback, so that many are told apart. */
function apart(data: object, index: number): object {
  const { hostname, proxy: proxyKeys, ...rest } = data as { hostname: string; proxy: object };
  const trusted = { trusted_proxies: ["127.0.0.1"] };
  return { ...rest, hostname: `n${index}.${hostname}`.slice(-60), proxy: { ...proxyKeys, listen: ["127.0.0.1"], http_port: 20_000 + 2 * index, https_port: 20_001 + 2 * index, ...trusted } };
}

function render(descriptions: readonly object[]): Rendered | undefined {
  const rendered = renderShared(descriptions.map((data) => stringify(data)));
  return "refused" in rendered ? undefined : rendered;
}

/** Without keys that are undefined, which YAML would write as null. */
function prune(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

/** Puts the files where the server reads them, and a certificate, key and CA at each path that they name. */
function place({ outputs }: Rendered, { certificate, key }: Certificate): void {
  for (const output of outputs) {
    const { content } = output;
    write(enabled(output), content);
    // HAProxy takes a file or all files of a folder.
    for (const [, file = ""] of content.matchAll(/ crt (\S+)/g)) write(file.endsWith(".pem") ? file : `${file}/one.pem`, certificate + key);
    for (const [, directive = "", file = ""] of content.matchAll(/^\s*(\w*ssl_\w+|SSL\w+|server .* ca-file) (\/[^\s;]+)/gm)) write(file, /key/i.test(directive) ? key : certificate);
  }
}
