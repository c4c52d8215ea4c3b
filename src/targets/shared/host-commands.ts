/** Commands that let SELinux and the firewall allow what a proxy does, where the distribution has both on. */
import { type Family, type ServerId, distributions, servers } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import type { Sites } from "../../core/output/target.ts";

/** The ports with the type http_port_t in the distribution's policy. */
const webPorts: ReadonlySet<number> = new Set([80, 81, 443, 488, 8008, 8009, 8443, 9000]);

/** A port with the type http_cache_port_t, which proxies may connect to as well. */
const cachePort = 8080;

/** @param sites of one server */
export function hostCommands(id: ServerId, sites: Sites): string[] {
  if (!distributions[sites[0].family].guarded) return [];
  const listening = unique(sites.flatMap(({ proxy }) => proxy.ports));
  return [...connecting(id, sites), ...unique(sites.flatMap(({ tls }) => tls.acmeWebroot ?? [])).flatMap(reading), ...listening.filter((port) => !webPorts.has(port)).map(labelling), firewall(listening)];
}

/** For the mail ports, which mailcow has on ports that the policy does not know. @param ports on which the proxy listens */
export function mailHostCommands(id: ServerId, family: Family, ports: readonly number[]): string[] {
  if (!distributions[family].guarded) return [];
  const { anyPort, listens } = servers[id].booleans;
  return [...(anyPort === undefined ? [] : [`setsebool -P ${anyPort} on`]), ...(listens ? [] : ports.map(labelling)), ...mailFirewall(ports)];
}

/** In lines of four ports, which fit on a screen. */
function mailFirewall(ports: readonly number[]): string[] {
  const lines = Array.from({ length: Math.ceil(ports.length / 4) }, (_, index) => ports.slice(4 * index, 4 * index + 4));
  return [...lines.map((line) => `firewall-cmd --permanent ${line.map((port) => `--add-port=${port}/tcp`).join(" ")}`), "firewall-cmd --reload"];
}

function connecting(id: ServerId, sites: Sites): string[] {
  const usual = sites.flatMap(upstreamPorts).every((port) => webPorts.has(port) || port === cachePort);
  const { booleans } = servers[id];
  const needed = usual ? booleans.webPorts : booleans.anyPort;
  return needed === undefined ? [] : [`setsebool -P ${needed} on`];
}

function upstreamPorts({ proxy: { upstream } }: Site): number[] {
  return [upstream.main.port, upstream.acme.port];
}

/** A port that the policy gives another type already can only be modified. */
function labelling(port: number): string {
  const type = `-t http_port_t -p tcp ${port}`;
  return `semanage port -a ${type} || semanage port -m ${type}`;
}

/** Lets a web server read a folder. The policy does that itself for those below /var/www. */
function reading(folder: string): string[] {
  if (folder.startsWith("/var/www/")) return [];
  return [`semanage fcontext -a -t httpd_sys_content_t "${folder}(/.*)?"`, `restorecon -R ${folder}`];
}

/** The firewall's own services, by port. */
const services: ReadonlyMap<number, string> = new Map([[80, "http"], [443, "https"]]);

function firewall(ports: readonly number[]): string {
  const opened = ports.map((port) => (services.has(port) ? `--add-service=${services.get(port)}` : `--add-port=${port}/tcp`));
  return `firewall-cmd --permanent ${opened.join(" ")} && firewall-cmd --reload`;
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
