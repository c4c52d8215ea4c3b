/** Traefik under test. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Document, isMap, parseDocument } from "yaml";
import { attempt } from "../command.ts";
import type { Proxy } from "../proxy.ts";
import { name, sharedPorts } from "./neighbour.ts";

const folder = "/etc/traefik";
const start = `traefik --configfile=${folder}/traefik.yml`;

export const proxy: Proxy = {
  command: `exec ${start}`,
  logs: [],
  // What docs/install/traefik.md has the administrator make. Traefik's own answers are on a port of their own.
  prepare() {
    mkdirSync(`${folder}/dynamic`, { recursive: true });
    mkdirSync("/var/lib/traefik", { recursive: true, mode: 0o700 });
    writeFileSync(`${folder}/traefik.yml`, `
log: { level: WARN }
api: { insecure: true }
ping: { manualRouting: true }
entryPoints:
  traefik: { address: '127.0.0.1:9180' }
  web: { address: ':80' }
  websecure: { address: ':443' }
providers:
  file: { directory: ${folder}/dynamic }
`);
    return Promise.resolve();
  },
  layouts: {},
  enableWhatWarns: () => undefined,
  merge({ installPath = "", content }) {
    const document = parseDocument(readFileSync(installPath, "utf8"));
    merge(document, [], parseDocument(content).toJS() as Readonly<Record<string, unknown>>);
    writeFileSync(installPath, document.toString());
  },
  // It reads the files a moment after it listens.
  isReady: () => attempt("curl", "-s", "http://127.0.0.1:9180/api/http/routers").text.includes("@file"),
  // It has no check of its own: it is started where no port is taken, with every address.
  trial: "exec unshare --net sh -c 'ip link set lo up; for family in 4 6; do echo 1 >/proc/sys/net/ipv$family/ip_nonlocal_bind; done; " +
    `timeout 2 ${start}; [ $? = 124 ]'`,
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

/** Sets all keys of the fragment, and keeps the others. */
function merge(document: Document, path: readonly string[], fragment: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fragment)) {
    const place = [...path, key];
    if (typeof value === "object" && value !== null && !Array.isArray(value) && isMap(document.getIn(place))) merge(document, place, value as Readonly<Record<string, unknown>>);
    else document.setIn(place, value);
  }
}
