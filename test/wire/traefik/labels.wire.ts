/** The target traefik-labels: Traefik's Docker provider makes of the labels what its file provider makes of the file. */
import { readFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sha256 } from "../../../src/core/output/sha256.ts";
import type { TargetId } from "../../../src/core/output/target-id.ts";
import { checker } from "../../../src/pipeline/check.ts";
import { renderAll } from "../../../src/pipeline/render.ts";
import { makeAuthority } from "../world/certificate.ts";
import { exchange } from "../world/client.ts";
import { attempt, attemptAside } from "../world/command.ts";
import { freshFilesystem } from "../world/filesystem.ts";
import { install, placeCertificate } from "../world/installation.ts";
import { proxy } from "../world/proxy.ts";
import { type Running, endpoints, ensureAddress, placeCaFile, sleep, startServer, stockComplaints } from "../world/world.ts";

const folder = new URL("../../cases/ok/", import.meta.url).pathname;
const network = "mailcowdockerized_mailcow-network";

/** mailcow's container on its network. */
const address = "172.22.1.40";

let running: Running | undefined;
const servers: Server[] = [];
afterEach(async () => {
  await running?.stop();
  running = undefined;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server, host: string, port: number): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(port, host, done));
  return (server.address() as AddressInfo).port;
}

/** What Docker says of mailcow's container, as far as Traefik asks. */
function startDocker(labels: Readonly<Record<string, string>>): Promise<number> {
  const networks = { [network]: { NetworkID: "mailcow", IPAddress: address } };
  const common = { Id: "nginx", NetworkSettings: { Networks: networks } };
  const answers: readonly (readonly [RegExp, unknown])[] = [
    [/\/_ping$/, "OK"],
    [/\/version$/, { Version: "28.0.0", ApiVersion: "1.44", MinAPIVersion: "1.24", Os: "linux", Arch: "amd64" }],
    [/\/containers\/json/, [{ ...common, Names: ["/nginx-mailcow-1"], Labels: labels, State: "running", Status: "Up" }]],
    [/\/containers\/nginx\/json/, { ...common, Name: "/nginx-mailcow-1", State: { Status: "running", Running: true }, Config: { Labels: labels }, HostConfig: { NetworkMode: network } }],
  ];
  return listen(createServer(({ url = "" }, response) => {
    const [, answer] = answers.find(([path]) => path.test(url)) ?? [];
    response.setHeader("Api-Version", "1.44");
    response.setHeader("Content-Type", "application/json");
    // Events go on until the end.
    if (/\/events/.test(url)) response.flushHeaders();
    else response.writeHead(answer === undefined ? 404 : 200).end(typeof answer === "string" ? answer : JSON.stringify(answer ?? {}));
  }), "127.0.0.1", 0);
}

/** The output of a target, with all that it reads in place. */
async function prepare(file: string, target: TargetId) {
  const { site } = checker({ targets: [target] })({ source: readFileSync(`${folder}${file}`), file });
  if (site === undefined) throw new Error(`${file} is not valid for ${target}`);
  const outputs = renderAll([{ site, targets: [target] }], { sha256 });
  freshFilesystem();
  const authority = makeAuthority();
  placeCertificate(site, authority);
  placeCaFile({ site, outputs, hosts: [], mailcowConf: "" }, authority);
  await proxy.prepare();
  expect(install(outputs.filter(({ installPath }) => installPath?.startsWith("/etc/traefik/")))).toEqual([]);
  return { site, outputs };
}

async function startWithLabels(file: string) {
  const known = await stockComplaints();
  const { site, outputs } = await prepare(file, "traefik-labels");
  const override: { services: Record<string, { labels: Record<string, string> }> } = parse(outputs.find(({ installPath }) => installPath?.endsWith("/docker-compose.override.yml"))?.content ?? "");
  const labels = override.services["nginx-mailcow"]?.labels ?? {};
  // As compose reads them.
  const port = await startDocker(Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value.replaceAll("$$", "$")])));
  proxy.merge?.("/etc/traefik/traefik.yml", [`providers: { docker: { endpoint: "tcp://127.0.0.1:${port}" } }`]);
  // The unknown names come with the labels, so these are all there then.
  running = await startServer(endpoints(site), known, { isReady: () => true });
  return site;
}

type Part = Readonly<Record<string, unknown>> & { readonly name: string; readonly provider: string };

/** What Traefik has made of it, by kind and name; without what only says where it is from. */
async function loaded(provider: string): Promise<Record<string, Record<string, unknown>>> {
  const kinds = ["routers", "middlewares", "services"];
  const own = async (kind: string): Promise<Part[]> => {
    const text = await attemptAside("curl", "-s", `http://127.0.0.1:9180/api/http/${kind}?per_page=1000`);
    // There is no API until Traefik has a configuration.
    return text.startsWith("[") ? (JSON.parse(text) as readonly Part[]).filter(({ name }) => name.startsWith("mailcow-")) : [];
  };
  const deadline = Date.now() + 100_000;
  while (!(await own("routers")).some((one) => one.provider === provider) && Date.now() < deadline) await sleep(100);
  return Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, Object.fromEntries((await own(kind)).map((part) => [withoutProvider(part.name), partOf(kind, part)]))])));
}

const withoutProvider = (name: string) => name.replace(/@(?:file|docker)$/, "");

function partOf(kind: string, part: Part): unknown {
  const text = JSON.stringify({ ...part, provider: "", name: "" }).replaceAll(/@(?:file|docker)(?=")/g, "");
  const known: Record<string, unknown> = JSON.parse(text);
  // Docker knows the address of the container, and the file its name.
  return kind === "services" ? JSON.parse(text.replaceAll(address, "nginx-mailcow")) : known;
}

const cases = ["traefik-labels.yaml", "traefik-labels-everything.yaml", "traefik-labels-tls-before.yaml"];

describe("company", () => {
  test.each(cases)("%s: labels are loaded as the file is", async (file) => {
    await startWithLabels(file);
    const labels = await loaded("docker");
    expect(running?.complaints()).toEqual([]);
    await running?.stop();
    const { site } = await prepare(file, "traefik");
    running = await startServer(endpoints(site), new Set());
    const files = await loaded("file");
    expect(Object.keys(files["routers"] ?? {}).length).toBeGreaterThan(5);
    expect(labels).toEqual(files);
    expect(Object.values(labels).flatMap((parts) => Object.values(parts)).filter((part) => (part as { status: string }).status !== "enabled")).toEqual([]);
  });
});

const file = "traefik-labels.yaml";
const ask = (port: number, host: string, path = "/") => exchange({ host: "127.0.0.1", port, from: "127.0.0.1", prefix: undefined, tls: port === 443 ? { servername: host } : undefined }, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);

describe("names", () => {
  const headers: string[] = [];

  async function start(): Promise<void> {
    headers.length = 0;
    ensureAddress({ address, family: 4 });
    await listen(createServer(({ headers: { host = "", "x-forwarded-proto": proto } }, response) => {
      headers.push(`${host} ${String(proto)}`);
      response.end("mailcow");
    }), address, 8080);
    await startWithLabels(file);
    await loaded("docker");
  }


  test("reach the container, and unknown names nobody", async () => {
    await start();
    expect((await ask(443, "mail.example.org")).status).toBe(200);
    expect((await ask(80, "mail.example.org")).status).toBe(301);
    expect((await ask(443, "unknown.example.net")).status).toBe(421);
    expect((await ask(80, "autoconfig.example.org", "/.well-known/acme-challenge/token")).status).toBe(200);
    expect(headers).toEqual(["mail.example.org https", "autoconfig.example.org http"]);
  });

});

describe("failure", () => {
  test("limit: without the container, Traefik knows none of its names", async () => {
    await prepare(file, "traefik-labels");
    const port = await startDocker({});
    proxy.merge?.("/etc/traefik/traefik.yml", [`providers: { docker: { endpoint: "tcp://127.0.0.1:${port}" } }`]);
    // It has TLS only when it has its configuration.
    const isReady = () => attempt("curl", "-sk", "-m", "5", "https://127.0.0.1/").status === 0;
    running = await startServer([{ host: "127.0.0.1", port: 80 }, { host: "127.0.0.1", port: 443 }], new Set(), { isReady });
    for (const port of [80, 443]) expect({ port, status: (await ask(port, "mail.example.org")).status }).toEqual({ port, status: 404 });
  });
});
