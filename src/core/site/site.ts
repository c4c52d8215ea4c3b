/** The resolved description: every default filled, every name, address and version decided. */
import type { TlsProfile } from "./tls-profile.ts";
import type { Versions } from "./platform.ts";
import type { Family } from "./servers.ts";

/** An address a server listens on. */
export interface Listener {
  /** Canonical IP address without brackets: `0.0.0.0`, `2001:db8::1`. */
  readonly address: string;
  readonly family: 4 | 6;
}

/** A TCP endpoint. */
export interface Endpoint extends Listener {
  /** 1 to 65535. */
  readonly port: number;
}

/** Host names in lower case and as A-labels, without duplicates. */
export interface Names {
  /** Fully qualified names. */
  readonly exact: readonly string[];
  /** Labels, dots between them, that may stand before any domain: `autodiscover` means `autodiscover.*`. Empty when mail_domains is given. */
  readonly prefixes: readonly string[];
}

/** A listener of mailcow's own nginx, as Docker publishes it. */
export interface MailcowListener {
  /** HTTP_BIND or HTTPS_BIND: an IPv4 address, an IPv6 address in brackets, or empty for every address of both families. */
  readonly bind: string;
  /** The addresses that it comes to. */
  readonly addresses: readonly [Listener, ...Listener[]];
  /** 1 to 65535. */
  readonly port: number;
}

export interface Upstream {
  readonly scheme: "http" | "https";
  /** Where requests go: mailcow's http or https listener, as `scheme` says. */
  readonly main: Endpoint;
  /** Where the ACME challenge goes: always mailcow's http listener. */
  readonly acme: Endpoint;
  /** CA file that mailcow's certificate is checked against (name: `hostname`), or undefined for no check. */
  readonly caFile: string | undefined;
}

export interface AccessRule {
  /** Decoded URL path prefix, starting with `/`, in the description's case. Only letters, digits and `/._~-`. */
  readonly path: string;
  /** Canonical CIDR networks; a single address has its full prefix length: `192.0.2.1/32`. */
  readonly allow: readonly string[];
}

/** The certificate of a mail domain. */
export interface DomainCertificate {
  readonly domain: string;
  /** Names that the proxy serves with it; those that are the host's as well are in the host's certificate. */
  readonly names: readonly string[];
  /** Further names in it, which are not served. */
  readonly unserved: readonly string[];
  /** Those of all of them that its folder may be called by: labels of ADDITIONAL_SAN come first, then autodiscover. */
  readonly first: readonly string[];
  /** PEM files, in a folder that leads to acme-mailcow's: certificate and chain, and key. */
  readonly certificate: string;
  readonly key: string;
}

/** The reverse proxy in front of mailcow. */
export interface Proxy {
  readonly listen: readonly Listener[];
  /** Its public ports. */
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly upstream: Upstream;
  /** Canonical CIDR networks mailcow sees the proxy come from; a single address is written without `/32` or `/128`. */
  readonly addresses: readonly string[];
  /** Canonical CIDR networks whose word on the client's address is believed, always with their prefix length. */
  readonly trustedProxies: readonly string[];
  readonly proxyProtocol: { readonly accept: boolean; readonly send: boolean };
}

export interface Site {
  /** MAILCOW_HOSTNAME, as A-label. */
  readonly hostname: string;
  /** The hostname as an identifier of letters, digits and `_`, at most 32 long, one for each hostname. */
  readonly identifier: string;
  /** `mailcow-` and the hostname: the name of this site's files without their ending, shortened to what fits. */
  readonly fileStem: string;
  /** The names the proxy answers on; the first exact one is the hostname. */
  readonly names: Names;
  /** Names that are only in the certificate: nothing of them but the ACME challenge on plain http reaches mailcow. */
  readonly challengeNames: Names;
  /** The entries of additional_server_names as mailcow.conf has them, `webmail.*` too, without the hostname. */
  readonly additionalServerNames: readonly string[];
  /** The entries of certificate_names as mailcow.conf has them, `imap.*` and `*.example.org` too. */
  readonly certificateNames: readonly string[];
  readonly mailcow: {
    readonly directory: string;
    readonly http: MailcowListener;
    readonly https: MailcowListener;
  };
  readonly proxy: Proxy;
  readonly tls: {
    readonly issuer: "mailcow" | "certbot" | "files";
    /** PEM file: certificate and chain. */
    readonly certificate: string;
    /** PEM file: private key. */
    readonly key: string;
    readonly profile: TlsProfile;
    /** The mail domains that have certificates of their own, by SNI; empty without them. */
    readonly domains: readonly DomainCertificate[];
    /** Of certbot's account. */
    readonly email: string | undefined;
    /** How certbot's deploy hook puts a certificate in mailcow's place. */
    readonly deploy: "copy" | "hardlink";
    /** The value of Strict-Transport-Security in place of mailcow's, or undefined to leave mailcow's alone. */
    readonly hsts: string | undefined;
  };
  readonly access: readonly AccessRule[];
  /** The oldest version of each server the output must work on. */
  readonly versions: Versions;
  /** How the proxy's host lays out its packages. */
  readonly family: Family;
}
