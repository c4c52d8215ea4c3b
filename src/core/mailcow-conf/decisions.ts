/** What mailcow.conf has to say for a site: the one decision, which the target's template shows and `merge` sets. */
import { toHostName } from "../host-name.ts";
import { bracketed, parseAddress } from "../network.ts";
import type { MailcowListener, Site } from "../site/site.ts";
import { type ListDecision, certificateNameList, serverNameList, trustedProxyList } from "./lists.ts";

export type Decision =
  /** The key has this value; one that means the same to mailcow stays as it is written. `absent` is what a missing key means. */
  | { readonly kind: "set"; readonly value: string; readonly same: (value: string) => boolean; readonly absent?: string }
  /** The key names the host, as `set` does, and another one is another host's. */
  | { readonly kind: "hostname"; readonly value: string; readonly same: (value: string) => boolean }
  /** The key has the list's entries. */
  | ListDecision
  /** The description asks for nothing: where another value stands, mailcow's default replaces it; `option` would keep it. */
  | { readonly kind: "clear"; readonly value: string; readonly option: string }
  /** What stands there stays. */
  | { readonly kind: "leave" };

const yes: Decision = { kind: "set", value: "y", same: isYes };

/** A decision on every key there is one on, by mailcow's name for it. */
export function decide(site: Site) {
  const { mailcow, hostname } = site;
  const ownCertificates = site.tls.issuer === "mailcow";
  return {
    MAILCOW_HOSTNAME: { kind: "hostname", value: hostname, same: (value) => isHostName(value, hostname) },
    HTTP_BIND: bind(mailcow.http),
    HTTP_PORT: port(mailcow.http),
    HTTPS_BIND: bind(mailcow.https),
    HTTPS_PORT: port(mailcow.https),
    // The proxy redirects. If mailcow did so too, behind plain HTTP, the redirect would never end.
    HTTP_REDIRECT: { kind: "set", value: "n", same: (value) => /^[\w.:-]*$/.test(value) && !isYes(value) },
    ADDITIONAL_SERVER_NAMES: serverNameList(site),
    // Without acme-mailcow nothing reads it.
    ADDITIONAL_SAN: ownCertificates ? certificateNameList(site) : { kind: "leave" },
    TRUSTED_PROXIES: trustedProxyList(site),
    // Switching acme-mailcow on would let it replace certificate files, which is not for this tool to begin.
    SKIP_LETS_ENCRYPT: ownCertificates ? { kind: "leave" } : yes,
    // Without it a mailcow that has it keeps it: its mail clients may need the certificates.
    ENABLE_SSL_SNI: site.tls.domains.length > 0 ? yes : { kind: "leave" },
    // A mailcow that expects PROXY protocol answers nobody who does not speak it.
    NGINX_USE_PROXY_PROTOCOL: site.proxy.proxyProtocol.send ? yes : { kind: "clear", value: "n", option: "proxy.proxy_protocol.send" },
  } satisfies Record<string, Decision>;
}

export type ConfKey = keyof ReturnType<typeof decide>;

/** docker-compose.yml has nothing for a missing HTTP_BIND: every address. */
function bind({ bind }: MailcowListener): Decision {
  return { kind: "set", value: bind, same: (value) => dockerAddress(value) === bind, absent: "" };
}

function port({ port }: MailcowListener): Decision {
  return { kind: "set", value: String(port), same: (value) => /^\d{1,5}$/.test(value) && Number(value) === port };
}

/** An address as Docker takes it, with brackets round one of IPv6; undefined where it is none. */
function dockerAddress(value: string): string | undefined {
  if (value === "") return "";
  const address = parseAddress(value.replace(/^\[(.*)\]$/, "$1"));
  return address === undefined ? undefined : bracketed({ address: address.text, family: address.family });
}

function isHostName(value: string, hostname: string): boolean {
  const result = toHostName(value);
  return "name" in result && result.name === hostname;
}

/** Whether mailcow takes a value for yes. */
export function isYes(value: string): boolean {
  return /^(?:y|yes)$/i.test(value);
}
