/** Decides what a site needs in mailcow.conf. The target's template shows it, and `merge` sets it. */
import { toHostName } from "../host-name.ts";
import { bracketed, parseAddress } from "../network.ts";
import { ordersDiscovery } from "../site/discovery.ts";
import type { MailcowListener, Site } from "../site/site.ts";
import type { Decision } from "./decision.ts";
import { certificateNameList, serverNameList, trustedProxyList } from "./lists.ts";
import { decideMailPorts } from "./mail-ports.ts";

const yes: Decision = { kind: "set", value: "y", same: isYes };

/** For a key that docker-compose.yml sets to y if it is missing or empty. */
const no: Decision = { kind: "set", value: "n", same: (value) => value !== "" && !isYes(value) };

/** The decisions, by mailcow's key. */
export function decide(site: Site) {
  const { mailcow, hostname } = site;
  const ownCertificates = site.tls.issuer === "mailcow";
  return {
    MAILCOW_HOSTNAME: { kind: "hostname", value: hostname, same: (value) => isHostName(value, hostname) },
    HTTP_BIND: bind(mailcow.http),
    HTTP_PORT: port(mailcow.http),
    HTTPS_BIND: bind(mailcow.https),
    HTTPS_PORT: port(mailcow.https),
    // The proxy redirects. If mailcow behind plain HTTP redirected too, the redirect would never end.
    HTTP_REDIRECT: { kind: "set", value: "n", same: (value) => /^[\w.:-]*$/.test(value) && !isYes(value) },
    ADDITIONAL_SERVER_NAMES: serverNameList(site),
    // Without it, acme-mailcow orders mta-sts. of no domain, so it stays as long as one of the three names is needed.
    AUTODISCOVER_SAN: ownCertificates && !ordersDiscovery(site) ? no : { kind: "leave" },
    // Only acme-mailcow reads it.
    ADDITIONAL_SAN: site.tls.acmeMailcow ? certificateNameList(site) : { kind: "leave" },
    TRUSTED_PROXIES: trustedProxyList(site),
    // Do not switch acme-mailcow on: it would replace certificate files.
    SKIP_LETS_ENCRYPT: !site.tls.acmeMailcow ? yes : site.proxy.tlsBefore ? { kind: "leave" } : { kind: "leave", unless: "yes" },
    // acme-mailcow would leave out every name whose A record leads to the proxy or to a CDN.
    SKIP_IP_CHECK: site.tls.acmeMailcow && site.proxy.namesLeadElsewhere ? yes : { kind: "leave" },
    // Do not switch it off: mail clients may need the certificates of their domains.
    ENABLE_SSL_SNI: site.tls.domains.length > 0 ? yes : { kind: "leave" },
    // When mailcow expects PROXY protocol, it answers only peers that send it.
    NGINX_USE_PROXY_PROTOCOL: site.proxy.proxyProtocol.send ? yes : { kind: "clear", value: "n", isCleared: isYes, option: "proxy.proxy_protocol.send: true" },
    ...decideMailPorts(site),
  } satisfies Record<string, Decision>;
}

export type ConfKey = keyof ReturnType<typeof decide>;

/** In docker-compose.yml, a missing HTTP_BIND means every address. */
function bind({ bind }: MailcowListener): Decision {
  return { kind: "set", value: bind, same: (value) => dockerAddress(value) === bind, absent: "" };
}

function port({ port }: MailcowListener): Decision {
  return { kind: "set", value: String(port), same: (value) => /^\d{1,5}$/.test(value) && Number(value) === port };
}

/** An address in Docker's form, with IPv6 in brackets; undefined when it is not an address. */
function dockerAddress(value: string): string | undefined {
  if (value === "") return "";
  const address = parseAddress(value.replace(/^\[(.*)\]$/, "$1"));
  return address === undefined ? undefined : bracketed({ address: address.text, family: address.family });
}

function isHostName(value: string, hostname: string): boolean {
  const result = toHostName(value);
  return "name" in result && result.name === hostname;
}

/** Whether the value means yes to mailcow. */
export function isYes(value: string): boolean {
  return /^(?:y|yes)$/i.test(value);
}
