/** With a certificate for each mail domain, every name is served with the one it is in, and reaches mailcow. */
import { rmSync } from "node:fs";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asTest } from "./limits.ts";
import { makeAuthority } from "./world/certificate.ts";
import { open } from "./world/client.ts";
import { proxyId, render, renderValid } from "./world/description.ts";
import { freshFilesystem } from "./world/filesystem.ts";
import { type Failure, install, placeCertificate, validate } from "./world/installation.ts";
import { type Mailcow, makeMailcow } from "./world/mailcow.ts";
import { parseMailcowConf } from "./world/mailcow-conf.ts";
import { isComplaint, proxy } from "./world/proxy.ts";
import { value } from "./world/reply.ts";
import { variants } from "./world/variants.ts";
import { endpoints, type Running, startServer, stockComplaints } from "./world/world.ts";

const description = `
hostname: mail.example.org
mail_domains: [example.org, example.net, example.com]
additional_server_names: [webmail.example.org]
tls: { sni: true }
`;

const [minimal] = variants;
if (minimal === undefined) throw new Error("there is no variant");

const refused = render(description);

describe.runIf("refused" in refused)("TLS", () => {
  test(`refused, this version of ${proxyId} cannot`, () => expect(refused).toEqual({ refused: ["sni-version"] }));
});

describe.skipIf("refused" in refused)("TLS", () => {
  const { site, outputs, mailcowConf } = "refused" in refused ? renderValid(description.replace("tls: { sni: true }", "")) : refused;
  const about = { site, variant: { ...minimal, description } };
  const failures: Failure[] = [];
  let mailcow: Mailcow;
  let running: Running | undefined;
  let checked: ReturnType<typeof validate>;

  beforeAll(async () => {
    const known = await stockComplaints();
    freshFilesystem();
    const authority = makeAuthority();
    await proxy.prepare();
    placeCertificate(site, authority);
    // acme-mailcow has not made the last one yet.
    rmSync("/opt/mailcow-dockerized/data/assets/ssl/autodiscover.example.com", { recursive: true });
    mailcow = makeMailcow(parseMailcowConf(mailcowConf), authority.issue([site.hostname]));
    await mailcow.start();
    failures.push(...install(outputs));
    checked = validate(outputs);
    running = await startServer(endpoints(site), known);
  });
  afterAll(async () => {
    await running?.stop();
    await mailcow.stop();
  });

  test("certificates of mail domains load without a warning", () => {
    expect(failures).toEqual([]);
    expect({ status: checked.status, complaints: checked.text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558")) }).toEqual({ status: 0, complaints: [] });
    // Apache says so of the domain that has none, which is the truth.
    expect(running?.complaintsAtStart.filter((line) => !/AH01909: autodiscover\.example\.com:/.test(line))).toEqual([]);
  });

  for (const name of site.names.exact) test(...asTest("TLS", { name: `certificate for ${name}` }, about, async () => {
    const connection = await open({ host: "192.0.2.10", port: 443, from: "203.0.113.10", tls: { servername: name } });
    const certificate = (connection.socket as TLSSocket).getPeerX509Certificate();
    // Until a domain has its own, it is served with the host's.
    const expected = name.endsWith(".example.com") ? "mail.example.org" : name;
    expect(certificate?.checkHost(expected)).toBe(expected);
    connection.send(`GET /?sni-${name} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
    expect((await connection.receive()).status).toBe(200);
    connection.close();
    expect(mailcow.soFar(`sni-${name}`).length).toBe(1);
  }));

  test(...asTest("answers", { name: "http links to described names become https under each certificate, and any other is left alone" }, about, async () => {
    const links = [...site.names.exact.map((name) => [`http://${name}/x?a=%2F`, `https://${name}/x?a=%2F`]), ["http://other.example.net/", "http://other.example.net/"]];
    for (const name of site.names.exact) {
      const connection = await open({ host: "192.0.2.10", port: 443, from: "203.0.113.10", tls: { servername: name } });
      for (const [link = "", expected] of links) {
        connection.send(`GET /redirect?to=${encodeURIComponent(link)} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
        expect(value(await connection.receive(), "location"), name).toBe(expected);
      }
      connection.close();
    }
  }));

  test("a name of no certificate gets 421 under each certificate", async () => {
    for (const servername of ["mail.example.org", "autodiscover.example.net"]) {
      const connection = await open({ host: "192.0.2.10", port: 443, from: "203.0.113.10", tls: { servername } });
      connection.send("GET / HTTP/1.1\r\nHost: unknown.example.net\r\n\r\n");
      expect((await connection.receive()).status).toBe(421);
      connection.close();
    }
  });

  test("a described name under another one's certificate reaches mailcow or gets 421, and never another site", async () => {
    const connection = await open({ host: "192.0.2.10", port: 443, from: "203.0.113.10", tls: { servername: "mail.example.org" } });
    connection.send("GET /?sni-other HTTP/1.1\r\nHost: autodiscover.example.net\r\n\r\n");
    // Apache wants a connection of its own for another certificate, as HTTP/2 has it.
    expect((await connection.receive()).status).toBe(proxyId === "apache" ? 421 : 200);
    connection.close();
  });
});
