/** The resolved description, in which all names, addresses and versions are decided. */
import type { TlsProfile } from "./tls-profile.ts";
import type { Versions } from "./platform.ts";
import type { MailHostPrograms } from "./mail-host.ts";
import type { MailService } from "./mail-services.ts";
import type { Family, Packages, SoftwareId } from "./servers.ts";

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

/** Where the proxy connects to. */
export interface Destination {
  /** Canonical IP address without brackets, or a host name: `nginx-mailcow`. */
  readonly address: string;
  /** The family of the address; undefined for a host name. */
  readonly family: 4 | 6 | undefined;
  /** 1 to 65535. */
  readonly port: number;
}

/** Host names in lower case and with A-labels, without duplicates. */
export interface Names {
  /** Fully qualified names. */
  readonly exact: readonly string[];
  /** Labels before any domain: `autodiscover` means `autodiscover.*`. May contain dots. Empty when mail_domains is given. */
  readonly prefixes: readonly string[];
}

/** A name before each mail domain. */
export type DiscoveryLabel = "autodiscover" | "autoconfig" | "mta-sts";

/** A listener of mailcow's own nginx that Docker publishes. */
export interface MailcowListener {
  /** HTTP_BIND or HTTPS_BIND: an IPv4 address, an IPv6 address in brackets, or empty for every address. */
  readonly bind: string;
  /** The addresses that this means. */
  readonly addresses: readonly [Listener, ...Listener[]];
  /** 1 to 65535. */
  readonly port: number;
}

export interface Upstream {
  readonly scheme: "http" | "https";
  /** Where requests go: mailcow's http or https listener, depending on `scheme`. */
  readonly main: Destination;
  /** Where ACME challenges go: always mailcow's http listener. */
  readonly acme: Destination;
  /** The DNS server to ask for mailcow's address; undefined when mailcow is not reached by a name. */
  readonly resolver: Listener | undefined;
  /** The CA file for verifying mailcow's certificate for `publicName`, or undefined to not verify it. */
  readonly caFile: string | undefined;
}

/** Networks that may access a path. Of several rules that fit, the first in the order of `inOrder` (access.ts) decides. */
export interface AccessRule {
  /** Decoded URL path prefix that starts with `/`, in the case of the description. Only letters, digits and `/._~-`. */
  readonly path: string;
  /** Canonical CIDR networks; a single address has its full prefix length: `192.0.2.1/32`. */
  readonly allow: readonly string[];
  /** The served names on which it holds; empty for all of them. */
  readonly names: readonly string[];
}

/** Paths that need a name and a password. */
export interface BasicAuth {
  /** Like the paths of access rules. */
  readonly paths: readonly string[];
  /** Names of letters, digits and `._@-`, and bcrypt hashes that begin with `$2y$`. */
  readonly users: readonly { readonly name: string; readonly hash: string }[];
}

/** The certificate of a mail domain. */
export interface DomainCertificate {
  readonly domain: string;
  /** Names that the proxy serves with it, without those that are in the host's certificate. */
  readonly names: readonly string[];
  /** More names in it, which are not served. */
  readonly unserved: readonly string[];
  /** Names that its folder may be named after: labels of ADDITIONAL_SAN first, then autodiscover. */
  readonly first: readonly string[];
  /** PEM files, certificate with chain and key, in a folder that links to acme-mailcow's. */
  readonly certificate: string;
  readonly key: string;
}

/** Trusted networks with one origin. */
export interface TrustedGroup {
  /** The description's name for them, the operator that publishes them, and the day on which they were read; undefined for networks in the description. */
  readonly published: { readonly name: string; readonly title: string; readonly read: string } | undefined;
  readonly networks: readonly string[];
}

/** The reverse proxy in front of mailcow. */
interface Proxy {
  readonly listen: readonly Listener[];
  readonly httpPort: number;
  readonly httpsPort: number;
  /** The ports it listens on: both, or only the http port if TLS ends before it. */
  readonly ports: readonly number[];
  /** The names of the listeners, where a server has such. */
  readonly entryPoints: { readonly http: string; readonly https: string };
  /** Whether a trusted proxy in front ends TLS and uses plain HTTP to this one, which then has no certificate. */
  readonly tlsBefore: boolean;
  /** The HTTP port that clients use. */
  readonly publicHttpPort: number;
  /** The HTTPS port that clients use: the one in URLs. */
  readonly publicHttpsPort: number;
  readonly upstream: Upstream;
  /** Whether mailcow is on the same host. */
  readonly sharesHost: boolean;
  /** Whether the proxy is a container on mailcow's Docker network, because it reaches mailcow by a container's name. */
  readonly isContainer: boolean;
  /** Whether the A records of the names do not lead to mailcow's host: the proxy is on another host, or behind a CDN. */
  readonly namesLeadElsewhere: boolean;
  /** Canonical CIDR networks from which the proxy connects to mailcow. A single address is written without `/32` or `/128`. */
  readonly addresses: readonly string[];
  /** Networks in X-Forwarded-For past which mailcow must look: `addresses`, and with a server that adds to it the trusted proxies. */
  readonly mailcowTrusts: readonly string[];
  /** Canonical CIDR networks that are trusted to tell the client's address, always with a prefix length. */
  readonly trustedProxies: readonly string[];
  /** The same networks by where they are from: those in the description first, without an operator, then those of presets. */
  readonly trustedGroups: readonly TrustedGroup[];
  readonly proxyProtocol: { readonly accept: boolean; readonly send: boolean };
}

/** Where the program that runs mailcow-proxy reads a secret, which is in no description. */
export type SecretSource =
  /** The absolute path of a file whose first line is the secret. */
  | { readonly kind: "file"; readonly path: string }
  /** The name of an environment variable. */
  | { readonly kind: "variable"; readonly name: string };

/** The mail server that mailcow's mail goes to. */
export interface Relayhost {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Whether its certificate must be valid for `host`, or may be any. */
  readonly tls: "secure" | "encrypt";
  /** Undefined when mailcow does not log in. */
  readonly login: { readonly username: string; readonly password: SecretSource } | undefined;
}

/** Where the lines of mailcow's containers go. */
export interface Syslog {
  readonly protocol: "udp" | "tcp";
  /** The port on 127.0.0.1, 1 to 65535. */
  readonly port: number;
  /** The absolute path of the log file. */
  readonly file: string;
  /** Services of mailcow's docker-compose.yml, without duplicates. */
  readonly services: readonly string[];
}

/** The mail ports that the proxy passes on. */
export interface MailPorts {
  readonly services: readonly MailService[];
  /** Where the proxy listens. */
  readonly listen: readonly Listener[];
  /** Where the proxy connects, and where Docker publishes the ports: an IPv4 address of mailcow's host. The rules refuse anything else. */
  readonly address: string;
  /** The IPv4 addresses from which the proxy connects, each of one host. They alone may reach the ports. */
  readonly proxies: readonly string[];
  readonly firewall: "nftables" | "iptables";
  /** Where mailcow lists the clients that it bans. */
  readonly banlist: string | undefined;
}

export interface Site extends MailHostPrograms {
  /** MAILCOW_HOSTNAME, with A-labels. */
  readonly hostname: string;
  /** The name under which people open the web interface: the hostname, or the first of the other names if it is not served. */
  readonly publicName: string;
  /** A unique identifier for the hostname: at most 32 letters, digits and `_`. */
  readonly identifier: string;
  /** The name of this site's files without their ending: `mailcow-` and the hostname, shortened if it is too long. */
  readonly fileStem: string;
  /** The names that the proxy serves; the first exact one is `publicName`. */
  readonly names: Names;
  /** The names before each mail domain that the proxy serves, without duplicates. */
  readonly discovery: readonly DiscoveryLabel[];
  /** Names that are only in the certificate. The proxy forwards only their ACME challenges on plain http. */
  readonly challengeNames: Names;
  /** Names of other sites on mailcow's nginx. They are not in `names`. */
  readonly otherSites: readonly string[];
  /** The entries of additional_server_names as in mailcow.conf, including `webmail.*`, without the hostname. */
  readonly additionalServerNames: readonly string[];
  /** The entries of certificate_names as in mailcow.conf, including `imap.*` and `*.example.org`. */
  readonly certificateNames: readonly string[];
  readonly mailcow: {
    readonly directory: string;
    readonly http: MailcowListener;
    readonly https: MailcowListener;
    /** The first three numbers of the network of mailcow's containers: `172.22.1`. */
    readonly ipv4Network: string;
  };
  readonly proxy: Proxy;
  readonly tls: {
    readonly issuer: "mailcow" | "certbot" | "files" | "proxy";
    /** PEM file on the proxy's host: certificate and chain. Empty if the proxy orders its certificates itself. */
    readonly certificate: string;
    /** PEM file on the proxy's host: private key. */
    readonly key: string;
    /**
     * The folder with copies for web servers that SELinux keeps from mailcow's own files, or undefined when they read those. A copy is
     * a certificate, its chain and its key in one file.
     */
    readonly copies: string | undefined;
    /** With all groups that are asked for: profileOn (tls-profile.ts) leaves out those that a server does not know. */
    readonly profile: TlsProfile;
    /** The mail domains with their own certificates (SNI), or empty. */
    readonly domains: readonly DomainCertificate[];
    /** The name of the server's own certificate resolver, for servers that have several. */
    readonly certificateResolver: string;
    /** The e-mail address of the account at the certificate authority. */
    readonly email: string | undefined;
    /** How the other host gets a copy: the proxy's host fetches it, or sends it to mailcow's. On one host, none is needed. */
    readonly transfer: "none" | "fetch" | "send";
    /** Whether acme-mailcow keeps a certificate: the host's, or with issuer `files` one for the mail services only. */
    readonly acmeMailcow: boolean;
    /** The folder above `.well-known/acme-challenge` of an ACME client on the proxy's host. */
    readonly acmeWebroot: string | undefined;
    /** How certbot's deploy hook installs a certificate in mailcow. */
    readonly deploy: "copy" | "hardlink";
    /** The value of Strict-Transport-Security that replaces mailcow's, or undefined to keep mailcow's. */
    readonly hsts: string | undefined;
  };
  /** Undefined when the proxy does not pass mail on. */
  readonly mail: MailPorts | undefined;
  readonly access: readonly AccessRule[];
  readonly basicAuth: BasicAuth | undefined;
  readonly relayhost: Relayhost | undefined;
  readonly syslog: Syslog | undefined;
  /** The oldest version of each server that the output must work with. */
  readonly versions: Versions;
  /** Whether the description names the distribution, and the software whose version it gives itself. */
  readonly stated: { readonly platform: boolean; readonly versions: readonly SoftwareId[] };
  /** The kind of distribution on the proxy's host. */
  readonly family: Family;
  readonly packages: Packages;
}
