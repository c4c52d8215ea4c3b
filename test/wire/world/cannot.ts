/** What the server under test refuses of descriptions that are good for another one. */
import { type ServerId, servers } from "../../../src/core/site/servers.ts";
import { proxyId } from "./description.ts";

/** What a version of the server cannot do. */
const ofVersion: Readonly<Partial<Record<ServerId, readonly string[]>>> = { caddy: ["proxy-protocol-version", "sni-version", "tls-group-unknown"] };
const row = servers[proxyId];
/** The errors with which a server refuses cases that are good for others. */
export const cannot: readonly string[] = [
  ...(row.proxyProtocol.sends === undefined ? ["proxy-protocol-send"] : []), ...(row.servesFiles ? [] : ["acme-webroot-server"]),
  ...(row.acme ? [] : ["issuer-proxy-server"]), ...(row.anyDomain ? [] : ["any-domain"]), ...(ofVersion[proxyId] ?? []),
];
