/** The servers that pass mail on, with a mailcow that greets clients with what the proxy says of them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mailServices } from "../../src/core/site/mail-services.ts";
import { generate } from "../../src/index.ts";
import { bringCurrent } from "../current-servers.js";
import { sayNotTried } from "../not-tried.js";
import { sharedCases } from "../support.ts";
import { rendered } from "./world/host.ts";
import { MailNetwork, addresses } from "./world/mail-network.ts";

const description = `hostname: mail.example.org
mail_domains: [example.org]
mailcow:
  http: { bind: 10.13.13.2, port: 8080 }
  https: { bind: 10.13.13.2, port: 8443 }
proxy: { upstream: { address: 10.13.13.2 }, addresses: [10.13.13.1] }
mail: { listen: [${addresses.public4}, "${addresses.public6}"] }
targets: [haproxy-mail, nginx-mail, traefik-mail, mail-ports]
`;
const files = rendered(description);
const contentOf = (wanted: string, ending: string) => files.find(({ target, path }) => target === wanted && path.endsWith(ending))?.content ?? "";

let folder: string;
let network: MailNetwork;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-mail-servers-"));
  network = await MailNetwork.begin(description, false);
  await network.serveMail(mailServices.map(({ proxied }) => proxied));
});
afterEach(() => {
  network.end();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Until the server listens. @returns what it has said */
async function started(program: string, ...args: readonly string[]): Promise<() => string> {
  const child = network.startServer(program, ...args);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  for (let tries = 0; (await network.connect("203.0.113.7", addresses.public4, 4190)) === "ECONNREFUSED"; tries++) {
    if (tries > 600 || child.exitCode !== null) throw new Error(`${program} does not start: ${said}`);
    await setTimeout(100);
  }
  return () => said;
}

/** Each service tells the client that it has of the proxy. */
async function expectClientsTold(version: "v1" | "v2"): Promise<void> {
  for (const [client, address] of [["203.0.113.7", addresses.public4], ["2001:db8:200::7", addresses.public6]] as const) {
    for (const { port, proxied } of mailServices) {
      expect(await network.connect(client, address, port)).toBe(`${proxied} ${version} ${version === "v2" && client.includes(":") ? "2001:db8:200:0:0:0:0:7" : client}`);
    }
  }
}

test("HAProxy, beside its stock configuration, without a warning", async () => {
  // Its sockets for statistics and for logs are the machine's.
  const stock = readFileSync("/etc/haproxy/haproxy.cfg", "utf8").replaceAll(/^\s+(?:stats|daemon).*$/gm, "").replaceAll("/dev/log", "127.0.0.1");
  const said = await started("haproxy", "-db", "-f", write("haproxy.cfg", stock), "-f", write("mail.cfg", contentOf("haproxy-mail", ".cfg")));
  await expectClientsTold("v2");
  expect(said()).not.toMatch(/\[(?:WARNING|ALERT)\]/);
});

test("nginx, in its stock configuration", async () => {
  cpSync("/etc/nginx", join(folder, "nginx"), { recursive: true });
  mkdirSync(join(folder, "nginx/modules-enabled"), { recursive: true });
  const stock = readFileSync("/etc/nginx/nginx.conf", "utf8").replaceAll("/etc/nginx/", `${folder}/nginx/`).replaceAll(/^(?:pid|\s*(?:error|access)_log) .*$/gm, "");
  const file = files.find(({ target }) => target === "nginx-mail");
  writeFileSync(join(folder, "nginx/modules-enabled", (file?.installPath ?? "").slice("/etc/nginx/modules-enabled/".length)), file?.content ?? "");
  await started("nginx", "-c", write("nginx.conf", stock), "-g", `daemon off; pid ${folder}/pid; error_log stderr;`);
  await expectClientsTold("v1");
});

describe("Traefik", () => {
  const { programs, missing } = bringCurrent(["traefik"]);
  const program = programs.get("traefik")?.program ?? "";
  sayNotTried(missing);

  const begin = (dynamic: string) => {
    mkdirSync(join(folder, "dynamic"));
    writeFileSync(join(folder, "dynamic/mail.yml"), dynamic);
    return started(program, `--configfile=${write("traefik.yml", contentOf("traefik-mail", ".static").replaceAll("/etc/traefik/dynamic", `${folder}/dynamic`))}`);
  };

  test.skipIf(program === "")("with its generated configuration alone", async () => {
    const said = await begin(contentOf("traefik-mail", ".yml"));
    await expectClientsTold("v2");
    expect(said()).not.toMatch(/ERR/);
  });

  test.skipIf(program === "")("says so if it does not know a key", async () => {
    const said = await begin(contentOf("traefik-mail", ".yml").replace("dialTimeout", "dialTimeOuts"));
    for (let tries = 0; !said().includes("ERR") && tries < 600; tries++) await setTimeout(100);
    expect(said()).toContain("dialTimeOuts");
  });
});

test("two sites on one HAProxy", async () => {
  const own = sharedCases().find(({ name }) => name === "mail-two-hosts");
  const outputs = own?.descriptions.flatMap(({ file, bytes }) => generate(bytes, { file, targets: ["haproxy-mail"] }).files) ?? [];
  expect(outputs).toHaveLength(2);
  // With the web interface's file beside it, in which HAProxy 3.3 would refuse equal names.
  const names = [...outputs, ...rendered(description.replace(/targets: .*/, "targets: [haproxy, haproxy-mail, mail-ports]"))].filter(({ path }, index) => index < 2 || path.startsWith("haproxy/")).flatMap(({ content }) => [...content.matchAll(/^(?:defaults|frontend|backend|listen) (\S+)/gm)].map(([, name]) => name));
  expect(names.length).toBeGreaterThan(8);
  expect(names).toEqual([...new Set(names)]);
  const paths = outputs.flatMap(({ content }, index) => ["-f", write(`${index}.cfg`, content)]);
  const checked = network.startServer("haproxy", "-c", ...paths);
  expect(await new Promise((done) => checked.once("close", done))).toBe(0);
});
