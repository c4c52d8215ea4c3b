/** certbot's deploy hook where acme-mailcow keeps the certificate of the mail services, so that the hook reloads only the proxy. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { issue } from "./world/certificate.ts";
import { Host, pem } from "./world/host.ts";
import type { Outcome, RunOptions } from "./world/tree.ts";

const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"];
const description = "hostname: mail.example.org\nmail_domains: [example.org]\ntls: { issuer: certbot, email: you@example.org, acme_mailcow: true }\ntargets: [certbot]\n";
const [one, two] = [issue(names), issue(names)];
const nginx = ["nginx -t", "systemctl reload nginx"];
const haproxy = ["haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d", "systemctl reload haproxy"];

let host: Host;
beforeEach(() => {
  host = new Host(description);
  for (const server of ["nginx", "haproxy"] as const) host.serve(server);
  host.certbot(one, 1);
});
afterEach(() => host.dispose());

function deploy(options?: RunOptions): Promise<Outcome> {
  return host.run("/etc/letsencrypt/renewal-hooks/deploy/mailcow-mail.example.org-deploy.sh", [], options);
}

test("each new certificate is the proxy's, once, and mailcow is left alone", async () => {
  const before = host.everything("/opt");
  for (const [number, pair] of [one, two].entries()) {
    host.certbot(pair, number + 1);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(host.calls()).toEqual([...nginx, ...haproxy]);
    expect([host.read(pem), host.mode(pem)]).toEqual([pair.certificate + pair.key, "0600"]);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(host.calls()).toEqual([]);
  }
  expect(host.everything("/opt")).toEqual(before);
  expect(host.has("/var/lib/mailcow-mail.example.org-deploy")).toBe(false);
});

test("mailcow's folder is not needed", async () => {
  host.remove("/opt/mailcow-dockerized");
  expect(await deploy()).toEqual({ status: 0, said: "" });
  expect(host.calls()).toEqual([...nginx, ...haproxy]);
});

test("another certificate of certbot's is not the proxy's", async () => {
  expect(await deploy({ env: { RENEWED_LINEAGE: "/etc/letsencrypt/live/www.example.org" } })).toEqual({ status: 0, said: "" });
  expect(host.calls()).toEqual([]);
});

test("HAProxy's file is made when HAProxy comes later", async () => {
  host.remove("/etc/haproxy/conf.d/mailcow-mail.example.org.cfg");
  host.remove(pem);
  expect((await deploy()).status).toBe(0);
  expect([host.calls(), host.has(pem)]).toEqual([nginx, false]);
  host.serve("haproxy");
  expect((await deploy()).status).toBe(0);
  expect(host.read(pem)).toBe(one.certificate + one.key);
});

test("a server that refuses it keeps the old one, the other has it, and the next run tries again", async () => {
  expect((await deploy()).status).toBe(0);
  host.certbot(two, 2);
  host.failing("haproxy");
  host.calls();
  expect(await deploy()).toEqual({ status: 3, said: expect.stringContaining("its configuration is refused") });
  expect([host.read(pem), host.calls()]).toEqual([one.certificate + one.key, [...nginx, haproxy[0]]]);
  host.failing("haproxy", false);
  expect(await deploy()).toEqual({ status: 0, said: "" });
  expect(host.read(pem)).toBe(two.certificate + two.key);
});

test.each([
  ["a key of another certificate", { certificate: two.certificate, key: one.key }, "is not the key of"],
  ["an expired certificate", issue(names, { days: -1 }), "has expired"],
  ["a certificate for another name", issue(["mail.example.net"]), "is not for mail.example.org"],
  ["a chain cut off", { ...two, certificate: two.certificate.slice(0, -200) }, "is not a whole chain of certificates"],
])("%s is refused", async (_, pair, reason) => {
  expect((await deploy()).status).toBe(0);
  host.certbot(pair, 2);
  host.calls();
  expect(await deploy()).toEqual({ status: 1, said: expect.stringContaining(reason) });
  expect([host.read(pem), host.calls()]).toEqual([one.certificate + one.key, []]);
});
