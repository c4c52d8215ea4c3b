/** The entry points: what the static configuration has, and the names that routers use. */
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import { has } from "../../core/site/platform.ts";
import type { Listener, Site } from "../../core/site/site.ts";
import { bracketed } from "../../core/network.ts";

export interface EntryPoint {
  readonly name: string;
  /** As Traefik writes it: `:443`, `192.0.2.10:443`. */
  readonly address: string;
}

/** One for each address. Go listens on every address of both families for that of one. */
export function entryPoints(name: string, { listen }: { readonly listen: readonly Listener[] }, port: number): EntryPoint[] {
  const addresses = listen.some(isEverywhere) ? [""] : listen.map(bracketed);
  return addresses.map((address, index) => ({ name: index === 0 ? name : `${name}-${index + 1}`, address: `${address}:${port}` }));
}

function isEverywhere({ address }: Listener): boolean {
  return address === "0.0.0.0" || address === "::";
}

export function httpEntryPoints({ proxy }: Site): EntryPoint[] {
  return entryPoints(proxy.entryPoints.http, proxy, proxy.httpPort);
}

export function httpsEntryPoints({ proxy }: Site): EntryPoint[] {
  return proxy.tlsBefore ? [] : entryPoints(proxy.entryPoints.https, proxy, proxy.httpsPort);
}

/** The networks of proxies that tell the client in X-Forwarded-For, or none. */
export function forwarders({ proxy: { trustedProxies, proxyProtocol } }: Site): readonly string[] {
  return proxyProtocol.accept ? [] : trustedProxies;
}

/** What the static configuration must have. @param folder of the dynamic files @param resolvers for certificates that Traefik orders */
export function staticConfiguration(site: Site, folder: string, resolvers: YamlMapping | undefined) {
  return {
    entryPoints: Object.fromEntries([
      ...httpEntryPoints(site).map((one) => [one.name, entryPoint(site, one, true)] as const),
      ...httpsEntryPoints(site).map((one) => [one.name, entryPoint(site, one, false)] as const),
    ]),
    providers: { file: { directory: folder } },
    ...(resolvers === undefined ? {} : { certificatesResolvers: resolvers }),
  };
}

function entryPoint(site: Site, { address }: EntryPoint, challenges: boolean): YamlMapping {
  const { proxy: { proxyProtocol, trustedProxies }, versions } = site;
  const trusted = forwarders(site);
  return {
    address,
    ...(challenges ? { allowACMEByPass: true } : {}),
    ...(proxyProtocol.accept ? { proxyProtocol: { trustedIPs: trustedProxies } } : {}),
    ...(trusted.length > 0 ? { forwardedHeaders: { trustedIPs: trusted } } : {}),
    transport: { respondingTimeouts: { readTimeout: "0s" } },
    http: {
      sanitizePath: false,
      encodeQuerySemicolons: true,
      ...(has(versions, "traefikAliasHeaders") ? { aliasHeadersStrategy: "delete" } : {}),
      ...(has(versions, "traefikEncodedCharacters") ? { encodedCharacters: Object.fromEntries(["Slash", "BackSlash", "NullCharacter", "Semicolon", "Percent", "QuestionMark", "Hash"].map((name) => [`allowEncoded${name}`, true])) } : {}),
    },
  };
}
