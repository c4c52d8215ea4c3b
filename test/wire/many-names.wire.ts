/** Names by the thousand load on each server, and the first and the last of them are told from others. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { renderValid } from "./world/description.ts";
import { freshFilesystem } from "./world/filesystem.ts";
import { install, placeCertificate, validate } from "./world/installation.ts";
import { proxy } from "./world/proxy.ts";
import { endpoints, type Running, startServer } from "./world/world.ts";

const domains = Array.from({ length: 1_500 }, (_, index) => `customer-${index + 1_000}.example`);

describe("names", () => {
  let running: Running | undefined;
  let validation: ReturnType<typeof validate>;
  const description = `hostname: mail.example.org\nmail_domains: [${domains.join(", ")}]\ncertificate_names: ["imap.*"]\n`;

  beforeAll(async () => {
    freshFilesystem();
    const { site, outputs } = renderValid(description);
    // The certificate itself need not have them all.
    placeCertificate({ ...site, names: { exact: [site.hostname], prefixes: [] } }, makeAuthority());
    await proxy.prepare();
    expect(install(outputs)).toEqual([]);
    validation = validate(outputs);
    running = await startServer(endpoints(site), new Set());
  });
  afterAll(() => running?.stop());

  test("of 1,500 mail domains pass the server's check", () => {
    expect({ status: validation.status, text: validation.status === 0 ? "" : validation.text }).toEqual({ status: 0, text: "" });
  });

  test("of 1,500 mail domains are known, and others are not", async () => {
    const status = async (host: string, port: number, path = "/x") => {
      const route = { host: "127.0.0.1", port, from: "127.0.0.1", tls: port === 443 ? { servername: "mail.example.org" } : undefined };
      return (await exchange(route, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status;
    };
    for (const domain of [domains[0], domains[749], domains.at(-1)]) {
      expect({ domain, status: await status(`mta-sts.${domain}`, 80) }).toEqual({ domain, status: 301 });
      // mailcow is not there, and the certificate's names are not the proxy's.
      const absent = { domain, status: expect.toBeOneOf([502, 503]) };
      expect({ domain, status: await status(`mta-sts.${domain}`, 443) }).toEqual(absent);
      expect({ domain, status: await status(`imap.${domain}`, 80, "/.well-known/acme-challenge/token") }).toEqual(absent);
      for (const [host, port] of [[`imap.${domain}`, 80], [`imap.${domain}`, 443], [`x.${domain}`, 443]] as const) expect({ host, port, status: await status(host, port) }).toEqual({ host, port, status: 421 });
    }
  });
});
