/** A server with our output in it, a mailcow behind it, and clients in front. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Listener, Site } from "../../../src/core/site/site.ts";
import { type Authority, type Certificate, makeAuthority } from "./certificate.ts";
import { attempt, run } from "./command.ts";
import { type Clients, makeClients } from "./clients.ts";
import { proxyId, type Rendered, renderValid } from "./description.ts";
import { freshFilesystem, prepareFolder, scratch } from "./filesystem.ts";
import { type Failure, install, placeCertificate, validate } from "./installation.ts";
import { type Mailcow, makeMailcow } from "./mailcow.ts";
import { isListenedTo, withoutListener } from "./listening.ts";
import { parseMailcowConf } from "./mailcow-conf.ts";
import { startProcess } from "./process.ts";
import { type Proxy as Server, isComplaint, type Layout, type Neighbour, proxy } from "./proxy.ts";
import type { Reply } from "./reply.ts";
import { type Resolver, startResolver } from "./resolver.ts";
import { administrator, type Variant } from "./variants.ts";

export interface World extends Clients {
  readonly variant: Variant;
  readonly site: Site;
  readonly mailcow: Mailcow;
  readonly authority: Authority;
  /** What the proxy shows its clients. */
  readonly certificate: Certificate;
  /** What mailcow's https listener shows. */
  readonly mailcowCertificate: Certificate;
  /** What requests of an unknown name on the http port got before our file came, by path; empty when nobody answered. */
  readonly stockAnswers: ReadonlyMap<string, Reply>;
  readonly running: Running;
  /** The DNS server, where mailcow is reached by a name. */
  readonly resolver: Resolver | undefined;
  readonly failures: readonly Failure[];
  readonly validation: { readonly status: number; readonly text: string };
  close(): Promise<void>;
}

/** What the stock configuration is asked before our file comes. */
const probes = ["/", "/.well-known/acme-challenge/token"] as const;

/** A started server. */
export interface Running {
  readonly alive: boolean;
  /** Warnings and worse until it listened, that the server without our file does not give. */
  readonly complaintsAtStart: readonly string[];
  /** The same until now. */
  complaints(): readonly string[];
  stop(): Promise<void>;
}

/** Makes the file system, the server, mailcow and the clients of a variant. */
export async function openWorld(variant: Variant): Promise<World> {
  const known = await stockComplaints(variant.layout);
  freshFilesystem();
  layOut(variant.layout);
  const authority = makeAuthority();
  const rendered = renderValid(variant.description, variant.beside);
  const { site, hosts, outputs } = rendered;
  await proxy.prepare();
  const stockAnswers = await askStock(variant, site);
  for (const other of hosts) if (other.site !== site) placeCertificate(other.site, authority);
  const certificate = placeCertificate(site, authority, variant.key);
  placeCaFile(rendered, authority);
  if (variant.neighbour === true) placeNeighbour(authority);
  const { adjust = (content: string) => content } = variant;
  const failures = install(outputs.map((output) => ({ ...output, content: adjust(output.content) })));
  // Apache verifies the name that the client asked for, the others the public name: see the note verify-names.
  const mailcowCertificate = authority.issue([site.publicName, ...(proxyId === "apache" ? [...variant.otherNames, ...site.otherSites] : [])]);
  const mailcow = makeMailcow(parseMailcowConf(rendered.mailcowConf), mailcowCertificate);
  const validation = validate(outputs);
  const dns = site.proxy.upstream.resolver;
  const resolver = dns === undefined ? undefined : await startResolver(dns);
  const { container } = variant;
  if (container !== undefined) {
    ensureAddress({ address: container.address, family: 4 });
    resolver?.point(container.name, container.address);
  }
  await mailcow.start(variant.mailcowAt ?? container?.address);
  const running = await startServer(endpoints(site), known).catch(async (error: unknown) => {
    await mailcow.stop();
    await resolver?.stop();
    throw error;
  });
  const clients = makeClients(variant, site, mailcow);
  // A server asks for the name when it has started.
  if (container !== undefined) for (let tries = 0; tries < 300 && (await clients.ask({ client: administrator.v4 })).status !== 200; tries++) await sleep(100);
  return {
    ...clients,
    variant, site, mailcow, authority, certificate, mailcowCertificate, stockAnswers, running, resolver, failures, validation,
    async close() {
      await running.stop();
      await mailcow.stop();
      await resolver?.stop();
    },
  };
}

const stock = new Map<Layout | undefined, ReadonlySet<string>>();

/** The warnings that the stock configuration gives by itself, on this machine, without what differs from start to start. */
export async function stockComplaints(layout?: Layout): Promise<ReadonlySet<string>> {
  const known = stock.get(layout);
  if (known !== undefined) return known;
  const complaints: string[] = [];
  for (const enable of [() => undefined, () => proxy.enableWhatWarns()]) {
    freshFilesystem();
    await proxy.prepare();
    layOut(layout);
    enable();
    const running = await startServer([], new Set());
    await running.stop();
    complaints.push(...running.complaints());
  }
  const found = new Set(complaints.map(withoutNumbers));
  stock.set(layout, found);
  return found;
}

/** Gives the server the folders and stock files of other packages, where it has such. */
export function layOut(layout: Layout | undefined): void {
  if (layout !== undefined) proxy.layouts[layout]?.();
}

/** What requests of an unknown name get on the http port without our file, when somebody listens there. */
async function askStock(variant: Variant, site: Site): Promise<ReadonlyMap<string, Reply>> {
  const answers = new Map<string, Reply>();
  const running = await startServer([], new Set());
  try {
    if (!isListenedTo({ host: variant.address.v4, port: site.proxy.httpPort })) return answers;
    // The way of the variant is for our listeners; the stock ones know nothing of it.
    const clients = makeClients({ ...variant, arrival: "direct" }, site, undefined);
    for (const target of probes) answers.set(target, await clients.ask({ scheme: "http", host: "unknown.example.net", target }));
    return answers;
  } finally {
    await running.stop();
  }
}

/** Puts the CA where the description says mailcow's certificate is checked against it. */
export function placeCaFile({ site }: Rendered, authority: Authority): void {
  if (site.proxy.upstream.caFile === undefined || existsSync(site.proxy.upstream.caFile)) return;
  prepareFolder(site.proxy.upstream.caFile);
  writeFileSync(site.proxy.upstream.caFile, authority.certificate);
}

/** Where the proxy listens, as addresses to connect to; gives the loopback interface those it lacks. */
export function endpoints(site: Site): { readonly host: string; readonly port: number }[] {
  return site.proxy.listen.flatMap(({ address, family }) => {
    const host = address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "::1" : address;
    if (host === address) ensureAddress({ address, family });
    return site.proxy.ports.map((port) => ({ host, port }));
  });
}

/** Gives the loopback interface an address that it lacks. */
export function ensureAddress({ address, family }: Listener): void {
  if (attempt("ip", "-o", "addr", "show", "dev", "lo", "to", address).text.includes("inet")) return;
  run("ip", `-${family}`, "addr", "add", `${address}/${family === 4 ? 32 : 128}`, "dev", "lo", ...(family === 6 ? ["nodad"] : []));
}

/**
 * Starts the server and waits until it listens on all of the given.
 *
 * @param known warnings that it gives without our file
 * @param reads how to see that it has read its files, for a server that listens before
 */
export async function startServer(
  listeners: readonly { readonly host: string; readonly port: number }[],
  known: ReadonlySet<string>,
  reads: Pick<Server, "isReady"> = proxy,
): Promise<Running> {
  const logged = () => proxy.logs.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""));
  const before = logged().map(({ length }) => length);
  const server = startProcess(proxy.command, proxy.patience);
  const lines = () => [server.printed, ...logged().map((text, index) => text.slice(before[index]))].join("\n").split("\n").filter((line) => line.trim() !== "");
  // It only ends what hangs: hundreds of sites take their time on a busy machine.
  const deadline = Date.now() + 300_000;
  const goesOn = (awaited: string) => {
    if (!server.running || Date.now() > deadline) throw new Error(`the server does not ${awaited}:\n${lines().slice(-20).join("\n")}`);
  };
  try {
    // A server without listeners has nothing to wait for but its own checks.
    if (listeners.length === 0) await sleep(300);
    for (let [next, ...others] = withoutListener(listeners); next !== undefined; [next, ...others] = withoutListener([next, ...others])) {
      goesOn(`listen on ${next.host} port ${next.port}`);
      await sleep(20);
    }
    for (; listeners.length > 0 && reads.isReady?.() === false; await sleep(100)) goesOn("read its files");
  } catch (error) {
    await server.stop();
    throw error;
  }
  // Workers start after the listeners.
  await sleep(100);
  const complaints = () => lines().filter((line) => isComplaint(line) && !known.has(withoutNumbers(line)));
  return {
    get alive() {
      return server.running;
    },
    complaintsAtStart: complaints(),
    complaints,
    stop: () => server.stop(),
  };
}

/** A log line without what differs from start to start. */
export function withoutNumbers(line: string): string {
  return line.replaceAll(/\d+/g, "0").replaceAll(/\[\w{3} \w{3} .*? 0\]/g, "[time]");
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** Files that a neighbour's certificate is read from. */
export function placeNeighbour(authority: Authority): Neighbour & { readonly certificate: Certificate } {
  const certificate = authority.issue(["neighbour.example.net"]);
  const [file, key] = [`${scratch}/neighbour.pem`, `${scratch}/neighbour.key`];
  writeFileSync(file, certificate.certificate);
  writeFileSync(key, certificate.key);
  return { ...proxy.addNeighbour(file, key), certificate };
}
