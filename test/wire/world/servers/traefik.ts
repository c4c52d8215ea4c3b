/** Traefik under test. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Document, isMap, parseDocument } from "yaml";
import { attempt } from "../command.ts";
import type { Proxy } from "../proxy.ts";
import { rests } from "../resting.ts";
import { name, sharedPorts } from "./neighbour.ts";

const folder = "/etc/traefik";
/** Where it answers questions about itself. */
const api = "http://127.0.0.1:9180/api";
const start = `traefik --configfile=${folder}/traefik.yml`;

export const proxy: Proxy = {
  command: `exec ${start}`,
  // It waits a second or two for clients that have long gone.
  patience: 0,
  logs: [],
  // What docs/install/traefik.md has the administrator make. Traefik's own answers are on a port of their own.
  prepare() {
    mkdirSync(`${folder}/dynamic`, { recursive: true });
    mkdirSync("/var/lib/traefik", { recursive: true, mode: 0o700 });
    writeFileSync(`${folder}/traefik.yml`, `
log: { level: WARN, noColor: true }
api: { insecure: true }
ping: { manualRouting: true }
entryPoints:
  traefik:
    address: '127.0.0.1:9180'
  web:
    address: ':80'
  websecure:
    address: ':443'
providers:
  file:
    directory: ${folder}/dynamic
`);
    return Promise.resolve();
  },
  // The head says why it does not have what these ask for; no authority answers here. A mail domain has the host's certificate
  // until it has its own, and nothing follows from having one twice.
  everyday: /TLS certificate already configured, skipping|Traefik can reject some encoded characters|aliasHeadersStrategy is not configured|Unable to obtain ACME certificate.*network is unreachable/,
  layouts: {},
  enableWhatWarns: () => undefined,
  merge(installPath, contents) {
    const document = parseDocument(readFileSync(installPath, "utf8"));
    const { entryPoints: others = {} } = document.toJS() as Static;
    const fragments = contents.map((content) => parseDocument(content).toJS() as Static);
    const ours = Object.assign({}, ...fragments.map(({ entryPoints }) => entryPoints)) as NonNullable<Static["entryPoints"]>;
    // Two entry points cannot have one port.
    const ports = new Set(Object.values(ours).map(portOf));
    for (const [name, other] of Object.entries(others)) if (!(name in ours) && ports.has(portOf(other))) document.deleteIn(["entryPoints", name]);
    for (const fragment of fragments) merge(document, [], fragment);
    writeFileSync(installPath, document.toString());
  },
  // It reads the files a moment after it listens, and gives the routers to one entry point after the other. The one that
  // tells of them can be the first, and on a busy machine the others follow much later: it rests when all have theirs.
  isReady: () => attempt("curl", "-s", "-m", "5", `${api}/http/routers`).text.includes("@file") && rests("traefik"),
  // It has no check of its own: it is started where no port is taken, with every address, until it has read its files and says
  // how many of their parts are faulty.
  trial: "exec unshare --net sh -c 'ip link set lo up; for family in 4 6; do echo 1 >/proc/sys/net/ipv$family/ip_nonlocal_bind; done; " +
    `${start} & for try in $(seq 600); do sleep 0.1; [ -d /proc/$! ] || exit 1; curl -s -m 5 ${api}/http/routers | grep -q @file && break; done; ` +
    `curl -s -m 60 ${api}/overview >/run/wire/overview; kill -KILL $!; grep -q "\\"errors\\":0" /run/wire/overview || exit 1; if grep -o "\\"[a-z]*\\":{\\"total\\":[0-9]*,\\"warnings\\":[0-9]*,\\"errors\\":[1-9][0-9]*" /run/wire/overview; then exit 1; fi'`,
  // Its answer is Traefik's own, and it has the default certificate: Traefik makes another one at each start.
  addNeighbour(certificate, key) {
    writeFileSync(`${folder}/dynamic/neighbour.yml`, `
http:
  routers:
    neighbour-http: { entryPoints: [web], rule: 'Host(\`${name}\`)', service: ping@internal }
    neighbour-https: { entryPoints: [websecure], rule: 'Host(\`${name}\`)', service: ping@internal, tls: {} }
tls:
  certificates:
    - { certFile: ${certificate}, keyFile: ${key} }
  stores: { default: { defaultCertificate: { certFile: ${certificate}, keyFile: ${key} } } }
`);
    return sharedPorts;
  },
  prepareForMany: () => undefined,
  makeRoom: () => undefined,
  reload: "true",
  brokenPlace: `${folder}/dynamic/broken.yml`,
  ordinaryTimeout: /(?<=responseHeaderTimeout: )300s/g,
  readBack: undefined,
};

type Static = Readonly<Record<string, unknown>> & { readonly entryPoints?: Readonly<Record<string, { readonly address: string }>> };

function portOf({ address }: { readonly address: string }): string {
  return address.slice(address.lastIndexOf(":"));
}

/** Sets all keys of the fragment, and keeps the others. */
function merge(document: Document, path: readonly string[], fragment: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fragment)) {
    const place = [...path, key];
    if (typeof value === "object" && value !== null && !Array.isArray(value) && isMap(document.getIn(place))) merge(document, place, value as Readonly<Record<string, unknown>>);
    // As a node, so that the next fragment finds a map in it.
    else document.setIn(place, document.createNode(value));
  }
}
