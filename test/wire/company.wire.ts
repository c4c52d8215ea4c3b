/** Another site in the same server answers as before, and two outputs share one server. */
import { createHash, X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "./contract/check.ts";
import { type Authority, makeAuthority } from "./world/certificate.ts";
import { exchange, open, openSocket } from "./world/client.ts";
import { renderShared, type Shared } from "./world/description.ts";
import { freshFilesystem } from "./world/filesystem.ts";
import { type Failure, install, placeCertificate, validate } from "./world/installation.ts";
import { type Mailcow, makeMailcow } from "./world/mailcow.ts";
import { mark } from "./world/mailcow-site.ts";
import { parseMailcowConf } from "./world/mailcow-conf.ts";
import { isComplaint, type Neighbour, proxy } from "./world/proxy.ts";
import { values } from "./world/reply.ts";
import { endpoints, placeNeighbour, type Running, startServer, stockComplaints, withoutNumbers } from "./world/world.ts";

const first = `
hostname: mail.example.org
mail_domains: [example.org]
access:
  - { path: /, allow: [203.0.113.0/24, "2001:db8::/32"] }
tls: { profile: modern }
`;
const second = `
hostname: mail.example.com
mail_domains: [example.com]
mailcow:
  directory: /srv/mailcow
  http: { port: 18080 }
  https: { port: 18443 }
tls: { profile: modern }
`;

const { hosts: mailcowHosts, outputs } = rendered();
const from = "203.0.113.10";
const hosts = ["192.0.2.10", "2001:db8::10"];

describe("company", () => {
  let authority: Authority;
  let neighbour: Neighbour & { readonly certificate: { readonly certificate: string } };
  let before: Record<string, unknown>;
  let after: Record<string, unknown>;
  let known: ReadonlySet<string>;
  let running: Running | undefined;
  const mailcows: Mailcow[] = [];
  const failures: Failure[] = [];
  beforeAll(async () => {
    known = await stockComplaints();
    freshFilesystem();
    authority = makeAuthority();
    await proxy.prepare();
    neighbour = placeNeighbour(authority);
    const theirs = hosts.flatMap((host) => [{ host, port: neighbour.httpPort }, { host, port: neighbour.httpsPort }]);
    const alone = await startServer(theirs, new Set());
    try {
      before = await everyAnswer(neighbour);
    } finally {
      await alone.stop();
    }
    known = new Set([...known, ...alone.complaints().map(withoutNumbers)]);
    for (const { site, mailcowConf } of mailcowHosts) {
      placeCertificate(site, authority);
      const mailcow = makeMailcow(parseMailcowConf(mailcowConf), authority.issue([site.hostname]));
      mailcows.push(mailcow);
      await mailcow.start();
    }
    failures.push(...install(outputs));
    running = await startServer([...theirs, ...mailcowHosts.flatMap(({ site }) => endpoints(site))], known);
    after = await everyAnswer(neighbour);
  });
  afterAll(async () => {
    await running?.stop();
    for (const mailcow of mailcows) await mailcow.stop();
  });

  test("has an answer to begin with", () => {
    expect(Object.keys(before).length).toBeGreaterThan(10);
    expect(JSON.stringify(before)).toContain("200");
    expect(JSON.stringify(before)).not.toContain(mark);
  });

  test("answers as before", () => {
    // The head may say that such names get 421 from our file.
    const ours = outputs.some(({ content }) => content.includes("# - A name that no site has gets 421 from this file")) ? (key: string) => !key.endsWith(`Host ${neighbour.name}`) && JSON.stringify(after[key]).includes('"status":421') : () => false;
    expect(differences(after, before).filter((one) => !(Array.isArray(one) && ours(String(one[0]))))).toEqual([]);
  });

  test("keeps its TLS versions", async () => {
    // With the default role they are what holds for the port.
    const socket = (await openSocket({
      host: "192.0.2.10", port: neighbour.httpsPort, from, tls: { servername: neighbour.name, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" },
    })) as TLSSocket;
    expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(new X509Certificate(neighbour.certificate.certificate).fingerprint256);
    socket.destroy();
  });

  test("no warning comes with two mailcow hosts in one server", () => {
    expect.soft(failures).toEqual([]);
    expect(running?.complaintsAtStart).toEqual([]);
    const checked = validate(outputs);
    expect(checked.status).toBe(0);
    expect(checked.text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558"))).toEqual([]);
  });

  test("each host serves its own mailcow with its own certificate", async () => {
    for (const [index, { site }] of mailcowHosts.entries()) {
      for (const name of site.names.exact) {
        const query = `own-${index}-${name}-`;
        const route = { host: "192.0.2.10", port: site.proxy.httpsPort, from, tls: { servername: name } };
        const connection = await open(route);
        const certificate = (connection.socket as TLSSocket).getPeerX509Certificate();
        expect(certificate?.checkHost(name)).toBe(name);
        connection.send(`GET /?${query} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
        expect((await connection.receive()).status).toBe(200);
        connection.close();
        expect(mailcows.map((mailcow) => mailcow.soFar(query).length)).toEqual(index === 0 ? [1, 0] : [0, 1]);
        const redirect = await exchange({ ...route, port: site.proxy.httpPort, tls: undefined }, `GET /x HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
        expect({ status: redirect.status, to: values(redirect, "location") }).toEqual({ status: 301, to: [`https://${name}${site.proxy.httpsPort === 443 ? "" : `:${site.proxy.httpsPort}`}/x`] });
      }
    }
  });
});

function rendered(): Shared {
  const shared = renderShared([first, second]);
  if ("refused" in shared) throw new Error(`the descriptions are refused: ${shared.refused.join(", ")}`);
  return shared;
}

/** What the neighbour, and whoever is the default, answer on all addresses and ports. */
async function everyAnswer({ name, httpPort, httpsPort }: Neighbour): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const host of hosts) {
    for (const [port, servername] of [[httpPort, undefined], [httpsPort, name], [httpsPort, "unknown.example.net"], [httpsPort, ""]] as const) {
      for (const asked of [name, "unknown.example.net", host.includes(":") ? `[${host}]` : host, undefined]) {
        const tls = port === httpPort ? undefined : { servername };
        const key = `${host} port ${port}, TLS name ${servername}, Host ${asked}`;
        result[key] = await answerOf(host, port, tls, `GET / HTTP/1.1\r\n${asked === undefined ? "" : `Host: ${asked}\r\n`}\r\n`).catch(String);
      }
    }
  }
  return result;
}

async function answerOf(host: string, port: number, tls: { readonly servername: string | undefined } | undefined, request: string): Promise<unknown> {
  const connection = await open({ host, port, from: host.includes(":") ? "2001:db8::11" : from, tls });
  try {
    const certificate = "getPeerX509Certificate" in connection.socket ? connection.socket.getPeerX509Certificate()?.fingerprint256 : undefined;
    connection.send(request);
    const { status, headers, body } = await connection.receive();
    // What differs from one answer to the next by itself, and what the head of our file says it changes.
    const kept = headers
      .filter(([header]) => !/^(date|etag|last-modified)$/i.test(header) && !(announced("HTTP/2") && /^(upgrade|connection)$/i.test(header)))
      // A version that is not told makes Apache's error pages shorter; their text is compared without it.
      .filter(([header]) => !(announced("ServerTokens") && /^content-length$/i.test(header)))
      .map(([header, content]) => [header, withoutVersion(content)]);
    if (announced("421 instead of 404") && [404, 421].includes(status)) return { certificate, status: "unknown" };
    return { certificate, status, headers: kept, body: createHash("sha256").update(withoutVersion(body.toString("latin1"))).digest("hex").slice(0, 16) };
  } finally {
    connection.close();
  }
}

/** Whether the head of our file tells the administrator of such a change. */
function announced(word: string): boolean {
  const heads = outputs.map(({ content }) => /^(?:#.*\n)*/.exec(content)?.[0] ?? "").filter((head) => head !== "");
  return heads.length > 0 && heads.every((head) => head.includes(word));
}

function withoutVersion(text: string): string {
  return announced("ServerTokens") ? text.replace(/Apache\/[\d.]+ \(\w+\)( OpenSSL\/[\w.]+)?/, "Apache") : text;
}
