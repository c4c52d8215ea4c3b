/** Arbitrary descriptions that the schema and the rules accept: every key, every value of a list of values, every form. */
import { domainToASCII } from "node:url";
import fc from "fast-check";
import schema from "../schemas/description.schema.json" with { type: "json" };
import { keysOf } from "../src/core/keys-of.ts";
import { type ServerId, type Software, acmeServers, families, fileServers, serverIds, servers, software, softwareIds, tlsLibraryOf } from "../src/core/site/servers.ts";
import { compareVersions, oldest, protocolSenders, versionsFor } from "../src/core/site/platform.ts";
import { unknownGroups } from "../src/core/site/tls-profile.ts";
import type { TargetId } from "../src/core/output/target-id.ts";
import { sections, targetsOfSection } from "../src/core/site/sections.ts";
import { targetIds, targets as targetTable } from "../src/targets/index.ts";
import { labelTargets, mailTargets, panelTargets } from "../src/targets/servers.ts";

const optional: { requiredKeys: [] } = { requiredKeys: [] };

// What begins with xn-- is an A-label, and seldom one by chance.
const isPlain = (label: string) => !label.startsWith("xn--");
const label = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?$/).filter(isPlain) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9][a-z0-9-]{50,60}[a-z0-9]$/).filter(isPlain) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Z][A-Z0-9]{0,5}$/) },
  { weight: 1, arbitrary: fc.constantFrom("bücher", "straße", "почта", "日本語", "ελλάς", "xn--bcher-kva") },
);
const topLevel = fc.oneof(fc.stringMatching(/^[a-z]([a-z0-9-]{0,4}[a-z0-9])?$/).filter(isPlain), fc.constantFrom("org", "рф", "xn--p1ai"));
const hostName = fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), topLevel).map(([labels, last]) => [...labels, last].join("."));

/** The name of mailcow's container or host, which is none that the proxy serves. */
const upstreamName = fc.constantFrom("nginx-mailcow", "MAILCOW", "mailcow.Upstream.internal");

/** A label of each mail domain, or two. */
const labelOfAny = fc.oneof(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/).filter(isPlain), fc.constantFrom("bücher", "WEBMAIL", "in.mail")).map((name) => `${name}.*`);

const dotted = (bits: number) => [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
const groups = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(":");
/** Neither multicast nor link-local, and no IPv4 address in it. */
const ipv6Parts = fc.tuple(fc.integer({ min: 0x2001, max: 0xfdff }), fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 })).map(([first, rest]) => [first, ...rest]);
const ipv4 = fc.integer({ min: 0x0100_0000, max: 0xdfff_ffff }).map(dotted);
const ipv6 = fc.oneof(ipv6Parts.map(groups), fc.integer({ min: 1, max: 0xffff }).map((part) => `2001:DB8::${part.toString(16)}`));
const unicast = fc.oneof(ipv4, ipv6);
const wildcard = fc.constantFrom("0.0.0.0", "::");
const loopback = fc.constantFrom("127.0.0.1", "::1");
const bind = fc.oneof({ weight: 5, arbitrary: fc.oneof({ weight: 4, arbitrary: unicast }, wildcard, loopback) }, { weight: 1, arbitrary: fc.constant("") });
const address = fc.oneof({ weight: 4, arbitrary: unicast }, { weight: 1, arbitrary: wildcard }, { weight: 1, arbitrary: loopback });

const ipv4Network = fc.tuple(fc.integer({ min: 0x0100_0000, max: 0xdfff_ffff }), fc.integer({ min: 8, max: 32 }))
  .map(([bits, prefix]) => `${dotted(bits & (0xffff_ffff << (32 - prefix)))}/${prefix}`);
const ipv6Network = fc.tuple(ipv6Parts, fc.integer({ min: 7, max: 128 })).map(([parts, prefix]) => {
  const masked = parts.map((part, index) => part & (0xffff << Math.min(16, Math.max(0, 16 * (index + 1) - prefix))) & 0xffff);
  return `${groups(masked)}/${prefix}`;
});
/** Not wider than those of one owner. */
const network = fc.oneof(unicast, ipv4Network, ipv6Network, fc.constantFrom("10.0.0.0/8", "2001:db8::/32", "fc00::/7"));
const networks = fc.array(network, { minLength: 1, maxLength: 5 });
const anyNetworks = fc.array(fc.oneof({ weight: 8, arbitrary: network }, { weight: 1, arbitrary: fc.constantFrom("all", "0.0.0.0/0", "::/0", "::/1", "::/96", "2002::/16", "64:ff9b::/96", "0.0.0.0/8", "224.0.0.0/4", "255.255.255.254/31", "fe80::/10") }), { minLength: 1, maxLength: 5 });

const isName = (segment: string) => segment !== "." && segment !== "..";
const fileName = fc.stringMatching(/^[A-Za-z0-9._+@=-]{1,12}$/).filter(isName);
const filePath = fc.array(fileName, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join("/")}`);
const urlSegment = fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$/).filter(isName);
const urlPath = fc.tuple(fc.array(urlSegment, { maxLength: 3 }), fc.boolean()).map(([segments, slash]) => `/${segments.join("/")}${slash && segments.length > 0 ? "/" : ""}`);
/** Not above or below the paths of clients that send passwords to mailcow. */
const passwordPath = urlPath.map((path) => `/x${path === "/" ? "" : path}`);
const user = fc.tuple(fc.oneof(fc.stringMatching(/^\w{1,12}$/), fc.stringMatching(/^[a-z.-]{1,12}@[a-z.]{1,12}$/)), fc.constantFrom("04", "10", "12"), fc.stringMatching(/^[./A-Za-z0-9]{53}$/)).map(([name, cost, hash]) => `${name}:$2y$${cost}$${hash}`);
const loginName = fc.stringMatching(/^[A-Za-z0-9._+=@~-]{1,20}$/);
const email = fc.tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_+-]{0,8}(\.[A-Za-z0-9_+-]{1,4})?$/), fc.stringMatching(/^[a-z0-9]{1,8}\.[a-z]{2,6}$/)).map((parts) => parts.join("@"));

/** Ports that neither mailcow nor the other side uses. */
const httpPort = fc.oneof(fc.integer({ min: 10_000, max: 14_999 }).map((half) => 2 * half), fc.constant(80));
const httpsPort = fc.oneof(fc.integer({ min: 10_000, max: 14_999 }).map((half) => 2 * half + 1), fc.constant(443));
const mailcowPort = fc.integer({ min: 15_000, max: 19_999 }).map((half) => 2 * half);

const certificate = fc.oneof(
  fc.record({ issuer: fc.constant("mailcow"), sni: fc.boolean() }, optional),
  fc.record({ issuer: fc.constant("certbot"), email, deploy: fc.constantFrom("copy", "hardlink"), certbot_host: fc.constantFrom("proxy", "mailcow") }, { requiredKeys: ["issuer"] }),
  fc.record({ issuer: fc.constant("certbot"), email, acme_mailcow: fc.constant(true) }, { requiredKeys: ["issuer", "acme_mailcow"] }),
  fc.record({ issuer: fc.constant("proxy"), email, certificate_resolver: fc.constantFrom("myresolver", "Le_1"), acme_mailcow: fc.constant(true) }, { requiredKeys: ["issuer", "acme_mailcow"] }),
  fc.record({ issuer: fc.constant("files"), certificate: filePath, key: filePath, acme_mailcow: fc.boolean() }, { requiredKeys: ["issuer", "certificate", "key"] }),
);

const hsts = fc.oneof(
  fc.record({ max_age: fc.integer({ min: 0, max: 3_153_600_000 }), include_subdomains: fc.boolean(), preload: fc.constant(false) }, { requiredKeys: ["max_age"] }),
  fc.record({ max_age: fc.integer({ min: 31_536_000, max: 3_153_600_000 }), include_subdomains: fc.constant(true), preload: fc.constant(true) }),
);

const tls = fc.tuple(
  certificate,
  fc.record({ acme_webroot: filePath, profile: fc.constantFrom("intermediate", "modern"), groups: fc.array(fc.constantFrom("X25519MLKEM768", "X25519", "prime256v1", "secp384r1", "secp521r1"), { minLength: 1, maxLength: 8 }), hsts }, optional),
).map(([from, settings]) => ({ ...from, ...settings }));

/** A version of two numbers or of three. */
const version = (major: string, minor: { min: number; max: number }) =>
  fc.tuple(fc.integer(minor), fc.option(fc.integer({ min: 24, max: 60 }), { nil: undefined })).map(([second, third]) => [major, second, ...(third === undefined ? [] : [third])].join("."));

/** Those of the platforms, or the oldest one. */
function knownVersions({ versions: known, since }: Software): string[] {
  return [...Object.values(known), ...(since === undefined ? [] : [since])];
}

const versions = fc.record(
  {
    // Of every server those of the platforms, and of some a range.
    ...Object.fromEntries(softwareIds.map((id) => [id, fc.constantFrom(...knownVersions(software[id]).flatMap((known) => [known, known.split(".", 2).join(".")]))])),
    nginx: version("1", { min: 18, max: 31 }),
    apache: fc.oneof(fc.integer({ min: 52, max: 90 }).map((patch) => `2.4.${patch}`), fc.constant("2.4")),
    haproxy: fc.oneof(version("2", { min: 4, max: 9 }), version("3", { min: 0, max: 4 })),
    traefik: version("3", { min: 5, max: 8 }),
    openssl: version("3", { min: 0, max: 6 }),
  },
  optional,
);

const letters = (length: number) => fc.stringMatching(new RegExp(`^[13-9a-km-uw-z]{${length}}$`));
const rspamdHash = fc.tuple(fc.constantFrom("$1$", "$2$"), letters(32), letters(51), fc.constantFrom("y", "b")).map(([kind, salt, key, last]) => `${kind}${salt}$${key}${last}`);

const parts = fc.record(
  {
    hostname: hostName,
    mail_domains: fc.array(hostName, { maxLength: 20 }),
    serve_hostname: fc.boolean(),
    discovery: fc.array(fc.constantFrom("autodiscover", "autoconfig", "mta-sts"), { maxLength: 4 }),
    additional_server_names: fc.array(fc.oneof({ weight: 4, arbitrary: hostName }, { weight: 1, arbitrary: labelOfAny }), { maxLength: 6 }),
    certificate_names: fc.array(fc.oneof(hostName, labelOfAny, hostName.map((name) => `*.${name}`)), { maxLength: 6 }),
    other_sites: fc.array(hostName, { maxLength: 3 }),
    mailcow: fc.record(
      {
        directory: filePath,
        ipv4_network: fc.constantFrom("172.22.1", "10.0.255"),
        http: fc.record({ bind, port: mailcowPort }, optional),
        https: fc.record({ bind, port: mailcowPort.map((port) => port + 1) }, optional),
      },
      optional,
    ),
    proxy: fc.record(
      {
        listen: fc.array(address, { minLength: 1, maxLength: 4 }),
        http_port: httpPort,
        https_port: httpsPort,
        public_https_port: fc.constantFrom(443, 8443, 19_999),
        entry_points: fc.record({ http: fc.constantFrom<string[]>("http", "Web_1"), https: fc.constantFrom<string[]>("https", "web-secure") }, optional),
        tls_ends: fc.oneof({ weight: 3, arbitrary: fc.constant("here") }, { weight: 1, arbitrary: fc.constant("before") }),
        upstream: fc.oneof(
          fc.record({ scheme: fc.constant("http"), address: upstreamName, resolver: unicast }, { requiredKeys: ["address"] }),
          fc.record({ scheme: fc.constant("http"), address: fc.oneof(unicast, loopback) }, optional),
          fc.record({ scheme: fc.constant("https"), address: fc.oneof(unicast, loopback), verify: fc.oneof(fc.constant("off"), filePath) }, { requiredKeys: ["scheme"] }),
        ),
        addresses: fc.oneof(networks, fc.constant([])),
        trusted_proxies: fc.oneof(networks, fc.constant([]), fc.constant(["cloudflare"]), networks.map((some) => [...some, "cloudflare"])),
        proxy_protocol: fc.record({ accept: fc.boolean(), send: fc.boolean() }, optional),
      },
      optional,
    ),
    tls,
    access: fc.array(fc.record({ path: urlPath, allow: anyNetworks, names: fc.array(hostName, { maxLength: 3 }) }, { requiredKeys: ["path", "allow"] }), { maxLength: 4 }),
    basic_auth: fc.record({ paths: fc.array(passwordPath, { minLength: 1, maxLength: 3 }), users: fc.uniqueArray(user, { minLength: 1, maxLength: 4, selector: (text) => text.split(":")[0] }) }),
    relayhost: fc.tuple(
      fc.record({ port: fc.constantFrom(25, 587, 2525), tls: fc.constantFrom("secure", "encrypt") }, optional),
      hostName,
      fc.oneof(fc.constant({}), fc.record({ username: loginName, password_file: filePath }), fc.record({ username: loginName, password_variable: fc.stringMatching(/^[A-Za-z_]\w{0,12}$/) })),
      fc.constantFrom("relay-1", "1-RELAY"),
    ).map(([settings, name, login, own]) => ({ host: `${own}.${name}`, ...settings, ...login })),
    // No port of another range in this file.
    syslog: fc.record({ protocol: fc.constantFrom("udp", "tcp"), port: fc.integer({ min: 40_001, max: 65_535 }), file: filePath, services: fc.array(fc.constantFrom(...schema.properties.syslog.properties.services.items.enum), { minLength: 1, maxLength: 4 }) }, optional),
    rspamd: fc.record({ enable_password: rspamdHash, password: rspamdHash }, { requiredKeys: ["enable_password"] }),
    fail2ban: fc.record({ maxretry: fc.integer({ min: 1, max: 1000 }), bantime: fc.stringMatching(/^[1-9][0-9]{0,4}[smhdw]$/), ignore: fc.oneof(networks, fc.constant([])) }, optional),
    local_mta: fc.record({ hostname: fc.tuple(fc.constantFrom("host-1", "1-HOST"), hostName).map((labels) => labels.join(".")), domain: hostName }),
    mail: fc.record(
      {
        ports: fc.uniqueArray(fc.constantFrom(...schema.properties.mail.properties.ports.items.enum), { minLength: 1 }),
        listen: fc.array(address, { minLength: 1, maxLength: 3 }),
        address: fc.constant("10.77.0.2"),
        firewall: fc.constantFrom("nftables", "iptables"),
        banlist: fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,8}\.[a-z]{2,5}(:8443)?$/), fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{12}$/)).map(([host, id]) => `https://${host}/f2b-banlist?id=${id}`),
      },
      optional,
    ),
    platform: fc.constantFrom(...keysOf(families)),
    packages: fc.constantFrom("distribution" as const, "nginx.org" as const),
    versions,
    targets: fc.array(fc.constantFrom(...targetIds), { minLength: 1, maxLength: 8 }),
  },
  { requiredKeys: ["hostname"] },
);

export type Description = (typeof parts) extends fc.Arbitrary<infer T> ? T : never;

/** A description as data, its parts made to go together. */
export const description = fc.tuple(parts, fc.integer({ min: 0, max: 9 })).map(([data, chance]) => (chance === 0 ? forPanels(data) : data)).map(before).map(hosted).map(mailed).map(reachable).map(believing).map(known).map(contained).map(named).map(watched).map(certified).map(ruled).map(opened).map(apart).map(answering).map(asking).map(ordering).map(able);

/** Panels decide so much themselves that few descriptions would have one by chance. */
function forPanels({ access: _access, basic_auth: _passwords, other_sites: _others, proxy: _proxy, ...data }: Description): Description {
  return { ...data, tls: { issuer: "files", certificate: "/etc/ssl/cert.pem", key: "/etc/ssl/key.pem" } };
}

/** Where only another host's proxy has something to do, the proxy is on one. */
function hosted(data: Description): Description {
  const onMailcow = data.tls?.issuer === "certbot" && "certbot_host" in data.tls && data.tls.certbot_host === "mailcow";
  if (!onMailcow && (data.tls?.issuer !== "files" || data.targets?.includes("systemd") !== true)) return data;
  // A resolver is for a host name only.
  const { resolver: _, ...upstream } = { scheme: "http" as const, resolver: undefined, ...data.proxy?.upstream, address: "10.0.0.1" };
  return { ...data, proxy: { ...data.proxy, upstream, addresses: ["10.0.0.2"] } };
}

/** Mail goes from one other host to an IPv4 address, and neither to a container nor through a panel. */
function mailed(data: Description): Description {
  const { mail, ...rest } = data;
  const isPanels: readonly string[] = keysOf(panelTargets);
  if (mail === undefined || data.targets === undefined || data.targets.some((target) => isPanels.includes(target))) return rest;
  const { resolver: _, ...upstream } = { scheme: "http" as const, resolver: undefined, ...data.proxy?.upstream, address: "10.77.0.2" };
  const { proxy_protocol: protocol, ...proxy } = { proxy_protocol: undefined, ...data.proxy };
  return { ...data, proxy: { ...proxy, upstream, addresses: ["10.77.0.1"], ...(protocol === undefined ? {} : { proxy_protocol: { ...protocol, accept: false } }) } };
}

/** mailcow has to listen where the proxy is told to reach it. */
function reachable(data: Description): Description {
  // All of 127.0.0.0/8, which any IPv4 address may be in by chance.
  const isLoopback = (at: string) => at.startsWith("127.") || at === "::1";
  const at = data.proxy?.upstream?.address ?? ((data.proxy?.addresses ?? []).length > 0 ? data.mailcow?.https?.bind : undefined);
  // So are names without a dot: containers'.
  if (at === undefined || isLoopback(at) || /^[a-z-]+$/i.test(at)) return data;
  const open = (listener: { readonly bind?: string; readonly port?: number } | undefined) => ({ ...listener, bind: listener?.bind === undefined || isLoopback(listener.bind) ? "10.0.0.1" : listener.bind });
  return { ...data, mailcow: { ...data.mailcow, http: open(data.mailcow?.http), https: open(data.mailcow?.https) } };
}

/** Where TLS ends before the proxy, the peers are known, and nothing is about a certificate. */
function before(data: Description): Description {
  const { proxy, tls: settings = {} } = data;
  if (proxy?.tls_ends !== "before") return data;
  const { https_port: _, proxy_protocol: protocol, trusted_proxies: peers = [], ...rest } = proxy;
  const profile = proxy.upstream?.scheme === "https" ? { ...("profile" in settings ? { profile: settings.profile } : {}), ...("groups" in settings ? { groups: settings.groups } : {}) } : {};
  return {
    ...data,
    proxy: { ...rest, trusted_proxies: peers.length > 0 ? peers : ["10.0.0.7"], ...(protocol === undefined ? {} : { proxy_protocol: { ...protocol, accept: false } }) },
    tls: { ...profile, ...("acme_webroot" in settings ? { acme_webroot: settings.acme_webroot } : {}), ...("hsts" in settings ? { hsts: settings.hsts } : {}) },
  };
}

/** PROXY protocol is somebody's. */
function believing(data: Description): Description {
  const { proxy } = data;
  if (proxy?.proxy_protocol?.accept !== true || (proxy.trusted_proxies ?? []).length > 0) return data;
  return { ...data, proxy: { ...proxy, trusted_proxies: ["198.51.100.0/24"] } };
}

/** The TLS libraries of all servers have to know the groups, those in the servers themselves only where these are asked for. */
function known(data: Description): Description {
  const versions = versionsFor(data.platform, data.versions ?? {}, data.packages);
  const { groups: asked, ...rest } = data.tls ?? {};
  if (asked === undefined) return data;
  const left = asked.filter((group) => serverIds.every((id) => (servers[id].tlsLibrary === "own" && data.targets?.includes(id) !== true && data.tls?.issuer !== "proxy") || unknownGroups([group], versions, tlsLibraryOf(id)).length === 0));
  return { ...data, tls: { ...rest, ...(left.length === 0 ? {} : { groups: left }) } };
}

/** Single certificates are for domains that are named. */
function named(data: Description): Description {
  const { tls: settings } = data;
  const needed = settings?.issuer === "certbot" || settings?.issuer === "proxy" || (settings !== undefined && "sni" in settings && settings.sni);
  return needed ? { ...data, mail_domains: data.mail_domains ?? [] } : data;
}

/** fail2ban needs the log of the services that people log in to. */
function watched(data: Description): Description {
  if (data.fail2ban === undefined) return data;
  return { ...data, syslog: { ...data.syslog, services: [...new Set([...(data.syslog?.services ?? []), "dovecot-mailcow", "postfix-mailcow"])] } };
}

/** In a container, mail domains have no certificates of their own. */
function contained(data: Description): Description {
  const { tls: settings, proxy } = data;
  if (settings === undefined || !("sni" in settings) || !settings.sni || !/^[a-z-]+$/i.test(proxy?.upstream?.address ?? "")) return data;
  return { ...data, tls: { ...settings, sni: false } };
}

/** certbot proves no wildcard, and what one covers does not go beside it. */
function certified(data: Description): Description {
  if (data.certificate_names === undefined) return data;
  const ascii = (name: string) => domainToASCII(name.toLowerCase());
  const possible = data.certificate_names.filter((name) => data.tls?.issuer !== "certbot" || !name.startsWith("*."));
  const wildcards = new Set(possible.flatMap((name) => (name.startsWith("*.") ? [ascii(name.slice(2))] : [])));
  return { ...data, certificate_names: possible.filter((name) => name.startsWith("*.") || !wildcards.has(ascii(name.slice(name.indexOf(".") + 1)))) };
}

/** Without the hostname, there is another name for the web interface, and nothing that stands for the hostname. */
function opened(data: Description): Description {
  if (data.serve_hostname !== false) return data;
  const ascii = (name: string) => domainToASCII(name.toLowerCase());
  const others = (data.additional_server_names ?? []).filter((name) => (name.endsWith(".*") ? !ascii(data.hostname).startsWith(`${ascii(name.slice(0, -2))}.`) : ascii(name) !== ascii(data.hostname)));
  return { ...data, additional_server_names: ["public.example.org", ...others] };
}

/** Other sites have names that nothing else in the description has. */
function apart(data: Description): Description {
  if (data.other_sites === undefined) return data;
  return { ...data, other_sites: data.other_sites.map((name, index) => `${index % 2 === 0 ? "own" : "1"}-${index}.${name}`) };
}

/** A path has one rule, and the names of rules are served. Some paths begin with another's. */
function ruled(data: Description): Description {
  const { access = [], additional_server_names: additional = [] } = data;
  if (access.length === 0) return data;
  const within = access.map((rule, index) => ({ ...rule, path: index % 2 === 1 && /[^/]$/.test(access[index - 1]?.path ?? "") ? `${access[index - 1]?.path}${rule.path}` : rule.path }));
  const rules = [...new Map(within.map((rule) => [rule.path.toLowerCase(), rule])).values()];
  const names = rules.flatMap((rule) => rule.names ?? []);
  return { ...data, access: rules, ...(names.length === 0 ? {} : { additional_server_names: [...additional, ...names] }) };
}

/** No server can both answer with files and send PROXY protocol. */
function answering(data: Description): Description {
  if (data.tls?.acme_webroot === undefined || data.proxy?.proxy_protocol?.send !== true) return data;
  const { acme_webroot: _, ...settings } = data.tls;
  return { ...data, tls: settings };
}

/** Whether the description has something that panels decide themselves. */
function panelsDecide({ access = [], basic_auth: basicAuth, other_sites: others = [], proxy: { upstream, trusted_proxies: trusted = [], proxy_protocol: protocol } = {}, tls }: Description): boolean {
  const upstreamIsPlain = upstream?.scheme !== "https" && !/[g-z]/i.test(upstream?.address ?? "");
  return access.length > 0 || basicAuth !== undefined || others.length > 0 || !upstreamIsPlain || trusted.length > 0 || protocol?.accept === true || protocol?.send === true || tls?.hsts !== undefined || tls?.acme_webroot !== undefined;
}

/** Passwords go with every server, and with no panel. */
function asking(data: Description): Description {
  const { basic_auth: _, ...rest } = data;
  const panels: readonly string[] = keysOf(panelTargets);
  return data.targets?.some((target) => panels.includes(target)) === true ? rest : data;
}

const panels = keysOf(panelTargets);

function isOfProxysHost(id: TargetId): boolean {
  const target = targetTable[id];
  return target.kind === "host" && target.belongsTo === "proxy";
}

/** Those that order certificates themselves neither answer with files nor send PROXY protocol in every version. */
function ordering(data: Description): Description {
  const { tls: settings, proxy } = data;
  if (settings?.issuer !== "proxy") return data;
  const { acme_webroot: _, ...rest } = { acme_webroot: undefined, ...settings };
  return { ...data, tls: rest, ...(proxy?.proxy_protocol === undefined ? {} : { proxy: { ...proxy, proxy_protocol: {} } }) };
}

/** Whether the version of the server can accept PROXY protocol. */
function accepts(id: ServerId, data: Description): boolean {
  const since = servers[id].proxyProtocol.accepts;
  return since !== undefined && (compareVersions(oldest[id], since) >= 0 || compareVersions(`${versionsFor(data.platform, data.versions ?? {}, data.packages)[id]}.0`, since) >= 0);
}

/** Not every target is for every description. */
function able(data: Description): Description {
  const sends = data.proxy?.proxy_protocol?.send === true;
  const answers = data.tls?.acme_webroot !== undefined;
  const orders = data.tls?.issuer === "proxy";
  const unable = new Set([
    // Labels are for mailcow's container, in place of the files.
    ...(data.proxy?.upstream?.address === "nginx-mailcow" && data.targets?.includes("traefik") !== true ? [] : ["traefik-labels"]),
    ...(data.mail === undefined ? [...keysOf(mailTargets), "mail-ports", "mail-bans"] : panels),
    ...(data.mail?.banlist === undefined ? ["mail-bans"] : []),
    // A target of a section that is not there.
    ...sections.flatMap((section) => (section in data ? [] : targetsOfSection[section])),
    // With a certificate of its own, mailcow needs no copy of the files.
    ...(data.tls !== undefined && "acme_mailcow" in data.tls && data.tls.acme_mailcow ? ["systemd"] : []),
    ...(answers ? serverIds.filter((id) => !fileServers.includes(id)) : []),
    ...(sends ? serverIds.filter((id) => !protocolSenders.includes(id)) : []),
    ...(data.proxy?.proxy_protocol?.accept === true ? serverIds.filter((id) => !accepts(id, data)) : []),
    ...(data.tls !== undefined && "sni" in data.tls && data.tls.sni ? serverIds.filter((id) => !servers[id].anyDomain) : []),
    ...(orders ? [...serverIds.filter((id) => !acmeServers.includes(id)), ...panels] : []),
    ...(data.mail_domains === undefined ? serverIds.filter((id) => !servers[id].anyDomain) : []),
    ...(data.tls?.issuer === "certbot" && "email" in data.tls && data.tls.email !== undefined ? [] : ["certbot"]),
    ...(data.proxy?.tls_ends === "before" || (data.tls?.issuer === "certbot" && !("certbot_host" in data.tls && data.tls.certbot_host === "mailcow")) ? ["systemd"] : []),
    ...(panelsDecide(data) ? panels : []),
    // A hosting panel answers ACME challenges itself, and certbot runs on no appliance.
    ...(data.tls?.issuer === "files" && !("acme_mailcow" in data.tls && data.tls.acme_mailcow) ? [] : panels.filter((id) => !panelTargets[id].appliance)),
    ...(data.tls?.issuer === "certbot" ? panels.filter((id) => panelTargets[id].appliance) : []),
  ]);
  // Labels are for a server, and what it cannot do, they cannot either.
  for (const id of keysOf(labelTargets)) if (unable.has(labelTargets[id].server)) unable.add(id);
  const { targets = sends || answers || orders ? [] : undefined, ...rest } = data;
  if (targets === undefined) return data;
  // Few descriptions may have a hosting panel, so these have all of them.
  const hosting = panels.filter((id) => !panelTargets[id].appliance && !targets.includes(id));
  const possible = [...targets, ...hosting].filter((target) => !unable.has(target));
  // Nothing else can be installed on an appliance.
  const left = panels.some((id) => panelTargets[id].appliance && possible.includes(id)) ? possible.filter((id) => !isOfProxysHost(id)) : possible;
  const asked = left.length === 0 ? [...(orders ? acmeServers : answers ? fileServers : protocolSenders), "mailcow-conf" as const] : left;
  return { ...rest, targets: data.mail === undefined ? asked : [...new Set([...asked, ...keysOf(mailTargets).slice(0, 1), "mail-ports" as const])] };
}
