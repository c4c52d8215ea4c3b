/** Arbitrary descriptions that the schema and the rules accept. */
import fc from "fast-check";

// What begins with xn-- is an A-label, and seldom one by chance.
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?$/).filter((text) => !text.startsWith("xn--"));
const topLevel = fc.stringMatching(/^[a-z]([a-z0-9-]{0,4}[a-z0-9])?$/).filter((text) => !text.startsWith("xn--"));
const hostName = fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), topLevel).map(([labels, last]) => [...labels, last].join("."));

const byte = fc.integer({ min: 1, max: 254 });
const ipv4 = fc.tuple(byte, byte, byte).map(([a, b, c]) => `10.${a}.${b}.${c}`);
const ipv6 = fc.integer({ min: 1, max: 0xffff }).map((part) => `2001:db8::${part.toString(16)}`);
const address = fc.oneof(ipv4, ipv6);
const network = fc.oneof(
  address,
  fc.tuple(byte, byte).map(([a, b]) => `10.${a}.${b}.0/24`),
  byte.map((part) => `2001:db8:${part.toString(16)}::/48`),
);
const networks = fc.uniqueArray(network, { minLength: 1, maxLength: 5 });

const pathSegment = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,10}$/);
const filePath = fc.array(pathSegment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join("/").replaceAll("~", "_")}`);
const urlPath = fc.array(pathSegment, { maxLength: 3 }).map((segments) => `/${segments.join("/")}`);

/** Ports that neither mailcow nor the other side uses. */
const proxyPort = fc.integer({ min: 20_000, max: 29_999 });
const mailcowPort = fc.integer({ min: 30_000, max: 39_999 });

const optional: { requiredKeys: [] } = { requiredKeys: [] };

const listening = { http: { bind: "10.0.0.1" }, https: { bind: "10.0.0.1" } };

const tls = fc.oneof(
  fc.record({ sni: fc.boolean() }),
  fc.record({ issuer: fc.constantFrom("mailcow", "certbot"), profile: fc.constantFrom("intermediate", "modern") }, optional),
  fc.record({ issuer: fc.constant("certbot"), email: fc.constant("you@example.org"), deploy: fc.constantFrom("copy", "hardlink") }, { requiredKeys: ["issuer"] }),
  fc.record({ issuer: fc.constant("files"), certificate: filePath, key: filePath }),
);

/** A description as data; `send` is true only with the targets that can. */
export const description = fc
  .record({
    hostname: hostName,
    mail_domains: fc.array(hostName, { maxLength: 6 }),
    additional_server_names: fc.array(hostName, { maxLength: 4 }),
    mailcow: fc.record(
      {
        directory: filePath,
        http: fc.record({ bind: address, port: mailcowPort.map((port) => port - (port % 2)) }),
        https: fc.record({ bind: address, port: mailcowPort.map((port) => port | 1) }),
      },
      optional,
    ),
    proxy: fc.record(
      {
        listen: fc.uniqueArray(address, { minLength: 1, maxLength: 4 }),
        http_port: proxyPort.map((port) => port - (port % 2)),
        https_port: proxyPort.map((port) => port | 1),
        upstream: fc.oneof(
          fc.record({ scheme: fc.constant("http"), address }, optional),
          fc.record({ scheme: fc.constant("https"), address, verify: fc.oneof(fc.constant("off"), filePath) }, { requiredKeys: ["scheme"] }),
        ),
        addresses: networks,
        trusted_proxies: networks,
        proxy_protocol: fc.record({ accept: fc.boolean(), send: fc.boolean() }, optional),
      },
      { requiredKeys: ["trusted_proxies"] },
    ),
    tls,
    access: fc.array(fc.record({ path: urlPath, allow: networks }), { maxLength: 4 }),
    platform: fc.constantFrom("debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04"),
  })
  // mailcow has to listen where the proxy is told to reach it.
  .map((data) => (data.proxy.upstream?.address === undefined ? data : { ...data, mailcow: { ...listening, ...data.mailcow } }))
  .map((data) => (data.proxy.proxy_protocol?.send === true ? { ...data, targets: ["haproxy", "mailcow-conf"] } : data));
