/** Rules for Traefik: the keys that it knows, and those of our contract. */
import { parse as parseYaml } from "yaml";
import { type Directive, type Rule, all, named, removed, shown } from "../rule.ts";

/** Traefik's configuration: a mapping's key is the name, and a list's entries have none. */
export function parse(text: string): Directive[] {
  return inside(parseYaml(text));
}

function inside(value: unknown): Directive[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, item]: [string, unknown]) => ({ name: Array.isArray(value) ? "" : key, value: typeof item === "object" ? "" : typeof item === "string" ? item : JSON.stringify(item), inside: inside(item) }));
}

/** The mappings at a path. */
function at(configuration: readonly Directive[], ...path: readonly string[]): readonly Directive[] {
  return path.reduce<readonly Directive[]>((some, name) => some.filter((one) => one.name === name).flatMap((one) => one.inside), configuration);
}

const routers = (configuration: readonly Directive[]) => at(configuration, "http", "routers");
const value = ({ inside: entries }: Directive, name: string) => entries.find((entry) => entry.name === name)?.value ?? "";
const items = ({ inside: entries }: Directive, name: string) => entries.filter((entry) => entry.name === name).flatMap((entry) => entry.inside.map((item) => item.value));
const breaking = (configuration: readonly Directive[], broken: (router: Directive) => boolean) => routers(configuration).filter(broken).map(shown);
/** Whether a router passes requests on. */
const serves = (router: Directive) => !value(router, "service").endsWith("@internal") && !items(router, "middlewares").some((name) => /-(?:403|421|redirect)$/.test(name));

/** The headers that routers' middlewares set for mailcow. */
function headersOf(configuration: readonly Directive[], router: Directive): Set<string> {
  const wanted = new Set(items(router, "middlewares"));
  const chosen = at(configuration, "http", "middlewares").filter(({ name }) => wanted.has(name));
  return new Set(chosen.flatMap((middleware) => at(middleware.inside, "headers", "customRequestHeaders").map(({ name }) => name.toLowerCase())));
}

/** The keys of the files, as far as one can tell them from names that are ours. */
const known = new Set([
  "http", "routers", "middlewares", "services", "serversTransports", "tls", "options", "certificates", "certFile", "keyFile", "rule", "priority", "entryPoints", "service", "headers", "customRequestHeaders", "customResponseHeaders",
  "redirectRegex", "regex", "replacement", "permanent", "ipAllowList", "sourceRange", "rejectStatusCode", "ipStrategy", "excludedIPs", "basicAuth", "users", "realm", "removeHeader", "loadBalancer", "servers", "url", "serversTransport",
  "maxIdleConnsPerHost", "forwardingTimeouts", "dialTimeout", "responseHeaderTimeout", "idleConnTimeout", "serverName", "insecureSkipVerify", "rootCAs", "minVersion", "maxVersion", "cipherSuites", "disableHTTP2", "curvePreferences",
  "address", "allowACMEByPass", "transport", "respondingTimeouts", "readTimeout", "sanitizePath", "encodeQuerySemicolons", "aliasHeadersStrategy", "encodedCharacters", "forwardedHeaders", "proxyProtocol", "trustedIPs", "providers", "file", "directory",
  "certResolver", "domains", "main", "certificatesResolvers", "letsencrypt", "myresolver", "acme", "email", "storage", "httpChallenge", "entryPoint", "tlsChallenge",
]);
const ours = /^$|^mailcow-|^allowEncoded|^[A-Z][A-Za-z]*(?:-[A-Za-z]+)*$|^(?:web|websecure|http|https)(?:-[a-z\d]+)?$/;

export const rules: readonly Rule[] = [
  {
    name: "known-keys", why: "Traefik does not load a file with a key that it does not know",
    bad: "http: { routers: {}, midlewares: {} }\n",
    check: (configuration) => all(configuration).map(({ name }) => name).filter((name) => !known.has(name) && !ours.test(name)),
  },
  {
    name: "names-first", why: "a router without a name would take the requests of others",
    bad: "http: { routers: { a: { rule: 'PathPrefix(`/`)', service: mailcow-a } } }\n",
    check: (configuration) => breaking(configuration, (router) => value(router, "service") !== "noop@internal" && !/^(?:Host|HostRegexp|\(HostRegexp)\(/.test(value(router, "rule"))),
  },
  {
    name: "no-tunnel", why: "what goes through a tunnel no rule looks at",
    bad: "http: { routers: { a: { rule: 'Host(`a.example.org`)', service: mailcow-a } } }\n",
    check: (configuration) => breaking(configuration, (router) => value(router, "service") !== "noop@internal" && !value(router, "rule").includes(" && !Method(`CONNECT`)")),
  },
  {
    name: "headers-complete", why: "a header that the proxy does not set comes from the client",
    bad: "http: { routers: { a: { rule: 'Host(`a.example.org`) && !Method(`CONNECT`)', service: mailcow-a, middlewares: [b] } }, middlewares: { b: { headers: { customRequestHeaders: { Host: a } } } } }\n",
    check: (configuration) => routers(configuration).filter(serves).flatMap((router) => {
      const set = headersOf(configuration, router);
      // Of names in every domain, the client's is passed on.
      const names = value(router, "rule").startsWith("Host(") ? ["host", "x-forwarded-host"] : [];
      return [...names, "x-forwarded-proto", "x-forwarded-port", ...removed].filter((header) => !set.has(header)).map((header) => `${router.name}: ${header}`);
    }),
  },
  {
    name: "upgrades", why: "mailcow gets no request for another protocol",
    bad: "http: { routers: { a: { rule: 'Host(`a.example.org`) && !Method(`CONNECT`)', service: mailcow-a } } }\n",
    check: (configuration) => routers(configuration).filter((router) => serves(router) && !headersOf(configuration, router).has("upgrade") && !value(router, "rule").includes("HeaderRegexp(`Upgrade`, `(?i)^websocket$`)")).map(({ name }) => name),
  },
  {
    name: "unknown-last", why: "a router for every name must come after all others",
    bad: "http: { routers: { a: { rule: 'HostRegexp(`.*`)', priority: 100, service: noop@internal } } }\n",
    check: (configuration) => breaking(configuration, (router) => value(router, "rule") === "HostRegexp(`.*`)" && value(router, "priority") !== "1"),
  },
  {
    name: "weak-tls", why: "older versions and ciphers are broken", source: "https://ssl-config.mozilla.org/guidelines/6.0.json",
    bad: "tls: { options: { a: { minVersion: VersionTLS10, cipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA] } } }\n",
    check: (configuration) => [...at(configuration, "tls", "options"), ...at(configuration, "http", "serversTransports")].flatMap((options) => [
      ...(["", "VersionTLS12", "VersionTLS13"].includes(value(options, "minVersion")) ? [] : [options.name]),
      ...items(options, "cipherSuites").filter((suite) => !/^TLS_ECDHE_(?:ECDSA|RSA)_WITH_(?:AES_\d+_GCM|CHACHA20_POLY1305)_SHA\d+$/.test(suite)),
    ]),
  },
  {
    name: "options-named", why: "without options, a name has those of all of Traefik",
    bad: "http: { routers: { a: { rule: 'Host(`a.example.org`)', tls: {}, service: mailcow-a } } }\n",
    check: (configuration) => breaking(configuration, (router) => value(router, "rule").startsWith("Host(") && router.inside.some(({ name, inside: entries }) => name === "tls" && !entries.some((entry) => entry.name === "options"))),
  },
  {
    name: "timeouts", why: "without them a silent mailcow holds a request for ever",
    bad: "http: { serversTransports: { a: { maxIdleConnsPerHost: 1 } } }\n",
    check: (configuration) => at(configuration, "http", "serversTransports").filter(({ inside: entries }) => ["dialTimeout", "responseHeaderTimeout", "idleConnTimeout"].some((name) => !/^\d+s$/.test(named(entries, name)[0]?.value ?? ""))).map(({ name }) => name),
  },
  {
    name: "networks-trusted", why: "whoever is trusted may tell any client", source: "https://doc.traefik.io/traefik/routing/entrypoints/#forwarded-headers",
    bad: "entryPoints: { web: { forwardedHeaders: { insecure: true } } }\n",
    check: (configuration) => named(configuration, "insecure").map(shown),
  },
];
