/** Caddy, as the distribution has it, gets its sites from a host of its own. */
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issue } from "../scripts/world/certificate.ts";
import { Controller, type Play } from "./world/controller.ts";
import { Machine } from "./world/machine.ts";

const name = "mail.example.org";
const [caddyfile, folder, pem] = ["/etc/caddy/Caddyfile", "/etc/caddy/Caddyfile.d", `/etc/caddy/mailcow-${name}.pem`];
const files = { tls: { issuer: "files", certificate: "/etc/ssl/mail/cert.pem", key: "/etc/ssl/mail/key.pem" } };

let controller: Controller;
let machine: Machine;
/** The stock file, below options of the administrator's. */
let before: string;
beforeAll(async () => {
  controller = await Controller.make();
  machine = await Machine.start(["127.0.0.1:8080", "127.0.0.1:8082"]);
  controller.manage(name, machine);
  certify(issue([name]));
  before = `# Ours\n{\n\temail you@example.org\n}\n${machine.read(caddyfile)}`;
  machine.write(caddyfile, before);
  machine.run("service", "caddy", "start");
});
afterAll(async () => {
  await machine.stop();
  controller.dispose();
});

function certify({ certificate, key }: ReturnType<typeof issue>): void {
  machine.write(files.tls.certificate, certificate);
  machine.write(files.tls.key, key, 0o600);
}

/** Has Caddy serve these descriptions. */
function play(descriptions: readonly Record<string, unknown>[], ...options: readonly string[]): Promise<Play> {
  controller.setInventory({ [name]: { mailcow_proxy_descriptions: descriptions.map((one) => ({ mail_domains: [], ...files, ...one })), mailcow_proxy_targets: ["caddy"] } });
  return controller.play(...options);
}

function changes({ status, recap, said }: Play): number {
  expect(status, said).toBe(0);
  return recap[name]?.["changed"] ?? 0;
}

const site = { hostname: name };
const other = { hostname: "mail.example.net", mailcow: { directory: "/srv/mailcow", http: { port: 8082 }, https: { port: 8445 } }, tls: { issuer: "files", certificate: "/etc/ssl/other/cert.pem", key: "/etc/ssl/other/key.pem" } };

test("--check --diff shows what would change, and changes nothing", async () => {
  const layer = machine.layer();
  const run = await play([site], "--check", "--diff");
  expect(changes(run)).toBeGreaterThan(0);
  expect(run.said).toContain(`+++ after: ${folder}/mailcow-${name}.caddyfile`);
  expect(run.said).toContain(`+\timport mailcow-${name}.options`);
  expect(run.said).not.toContain("PRIVATE KEY-----");
  expect(machine.layer()).toEqual(layer);
});

test("the first run has the site served, below the options that there were", async () => {
  const generation = machine.generation("caddy");
  expect(changes(await play([site]))).toBeGreaterThan(0);
  expect(machine.generation("caddy")).not.toBe(generation);
  expect(machine.read(caddyfile)).toBe(`${before.replace("{\n", `{\n\timport mailcow-${name}.options\n`)}import Caddyfile.d/*.caddyfile\n`);
  expect(machine.run("stat", "-c", "%a %U:%G", pem)).toBe("640 root:caddy\n");
  expect(machine.ask(name)).toMatchObject({ status: 200, body: "mailcow at 127.0.0.1:8080\n" });
  expect(machine.ask(name, "http").status).toBe(301);
  expect(machine.list("/run/ansible")).toEqual([]);
});

test("the second run changes nothing", async () => {
  const [layer, generation] = [machine.layer(), machine.generation("caddy")];
  expect(changes(await play([site]))).toBe(0);
  expect([machine.layer(), machine.generation("caddy")]).toEqual([layer, generation]);
});

test("a renewed certificate is served", async () => {
  const renewed = issue([name]);
  certify(renewed);
  expect(changes(await play([site]))).toBeGreaterThan(0);
  expect(machine.ask(name).serial).toBe(`serial=${new X509Certificate(renewed.certificate).serialNumber}`);
});

test.each([
  ["a certificate that does not belong to its key", () => certify({ ...issue([name]), key: machine.read(files.tls.key) }), () => certify(issue([name])), /private key does not match public key/],
  ["another site's fault", () => machine.write(`${folder}/other.caddyfile`, "http://other.example.org {\n\tnonsense\n}\n"), () => machine.remove(`${folder}/other.caddyfile`), /\/etc\/caddy\/Caddyfile\.d\/other\.caddyfile:2.*nonsense/],
])("%s leaves the old site in its place", async (_, spoil, repair, says) => {
  spoil();
  const [layer, generation, answer] = [machine.layer(), machine.generation("caddy"), machine.ask(name)];
  const run = await play([{ ...site, mail_domains: ["example.com"] }]);
  expect(run.recap[name]).toMatchObject({ changed: 0, failed: 1 });
  expect(run.said).toContain('"msg": "caddy refuses its files, and nothing was changed"');
  expect(run.said).toMatch(says);
  expect(run.said).not.toContain("/run/ansible");
  expect([machine.layer(), machine.generation("caddy"), machine.ask(name)]).toEqual([layer, generation, answer]);
  repair();
});

test("two sites have common files in the place of the one's", async () => {
  const pair = issue([other.hostname]);
  machine.write(other.tls.certificate, pair.certificate);
  machine.write(other.tls.key, pair.key, 0o600);
  expect(changes(await play([site, other]))).toBeGreaterThan(0);
  expect(machine.list(folder)).toEqual(["mailcow.caddyfile"]);
  expect(machine.list("/etc/caddy").filter((file) => file.endsWith(".options"))).toEqual(["mailcow.options"]);
  expect(machine.read(caddyfile).match(/^\s*import .*$/gm)).toEqual(["\timport mailcow.options", "import Caddyfile.d/*.caddyfile"]);
  expect([machine.ask(name).body, machine.ask(other.hostname).body]).toEqual(["mailcow at 127.0.0.1:8080\n", "mailcow at 127.0.0.1:8082\n"]);
  expect(changes(await play([site, other]))).toBe(0);
});
