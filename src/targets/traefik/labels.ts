/** The dynamic configuration as labels of mailcow's container, with a file for what labels cannot have. */
import type { YamlMapping, YamlValue } from "../../core/output/yaml-writer.ts";
import type { Site } from "../../core/site/site.ts";
import { accessMiddlewares } from "./access.ts";
import { dynamicConfiguration } from "./document.ts";
import { forwarders } from "./entry-points.ts";
import { answersChallenges } from "./own-certificates.ts";
import { labelServices } from "./services.ts";

/** Parts of the configuration: the labels by name, and a document for the file provider. */
export interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly file: YamlMapping;
}

/** The same name, of the file provider. */
const inFile = (name: string) => `${name}@file`;

/**
 * Traefik reads certificates, TLS options and transports from files only. Hashes of passwords are not in the labels either, which
 * everyone sees who may use Docker.
 */
export function labelled(site: Site): Labelled {
  const { http, tls } = dynamicConfiguration(site);
  const { routers, middlewares, serversTransports } = mapping(http);
  const secret = secretMiddlewares(site);
  const names = new Set(Object.keys(secret));
  const parts = {
    routers: mapped(mapping(routers), (router) => labelledRouter(router, names)),
    middlewares: Object.fromEntries(Object.entries(mapping(middlewares)).filter(([name]) => !names.has(name))),
    services: mapped(labelServices(site, !answersChallenges(site)), labelledService),
  };
  return {
    labels: Object.fromEntries(flat("traefik.http", parts)),
    file: { http: { ...(names.size === 0 ? {} : { middlewares: secret }), serversTransports }, tls },
  };
}

function secretMiddlewares(site: Site): YamlMapping {
  return Object.fromEntries(Object.entries(accessMiddlewares(site, forwarders(site))).filter(([, middleware]) => mapping(middleware)["basicAuth"] !== undefined));
}

function labelledRouter(router: YamlMapping, names: ReadonlySet<string>): YamlMapping {
  const { middlewares, tls } = router;
  const { options } = tls === undefined ? {} : mapping(tls);
  return {
    ...router,
    ...(typeof options === "string" ? { tls: { ...mapping(tls), options: inFile(options) } } : {}),
    middlewares: list(middlewares).map((name) => (typeof name === "string" && names.has(name) ? inFile(name) : name)),
  };
}

function labelledService({ loadBalancer }: YamlMapping): YamlMapping {
  const { serversTransport, ...rest } = mapping(loadBalancer);
  return { loadBalancer: { ...rest, ...(typeof serversTransport === "string" ? { serversTransport: inFile(serversTransport) } : {}) } };
}

/** The label of each value. A list of texts is one label, and a mapping that is there but empty is `true`. */
function flat(name: string, value: YamlValue | undefined): [string, string][] {
  if (value === undefined) return [];
  if (isList(value)) {
    const texts = value.flatMap((one) => (typeof one === "object" ? [] : [String(one)]));
    if (texts.length < value.length) return value.flatMap((one, index) => flat(`${name}[${index}]`, one));
    return texts.length === 0 ? [] : [[name, texts.join(",")]];
  }
  if (typeof value !== "object") return [[name, String(value)]];
  const inside = Object.entries(value);
  return inside.length === 0 ? [[name, "true"]] : inside.flatMap(([key, one]) => flat(`${name}.${key}`, one));
}

function mapped(entries: YamlMapping, map: (value: YamlMapping) => YamlMapping): YamlMapping {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, map(mapping(value))]));
}

function isList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function list(value: YamlValue | undefined): readonly YamlValue[] {
  return isList(value) ? value : [];
}

function mapping(value: YamlValue | undefined): YamlMapping {
  if (typeof value !== "object" || isList(value)) throw new Error("a part of the dynamic configuration is not a mapping");
  return value;
}
