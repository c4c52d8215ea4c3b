/**
 * All facts about the servers that are used outside of src/targets, one row per server. Rules, questions, messages, scripts
 * and the Ansible collection read them here and do not name servers themselves.
 */
import { keysOf } from "../keys-of.ts";
import type { TargetId } from "../output/target-id.ts";

/** `major.minor` or `major.minor.patch`. */
export type Version = string;
export type Platform = "debian-12" | "debian-13" | "ubuntu-22.04" | "ubuntu-24.04" | "rhel-9" | "rhel-10";

/** Distributions whose packages use the same paths. */
export type Family = "debian" | "rhel";

/** The family of each platform. */
export const families: Readonly<Record<Platform, Family>> = {
  "debian-12": "debian", "debian-13": "debian", "ubuntu-22.04": "debian", "ubuntu-24.04": "debian", "rhel-9": "rhel", "rhel-10": "rhel",
};

/** What the distributions of a family have in common. */
interface Distribution {
  /** The command that installs packages, without their names. */
  readonly install: string;
  /** What installing certbot takes besides its package: the package with its repository, and the timer that it does not enable. */
  readonly certbot: { readonly repository: string; readonly timer: string } | undefined;
  /** The package with the command htpasswd. */
  readonly htpasswd: string;
  /** The file with the CA certificates of public authorities. */
  readonly authorities: string;
  /** Whether SELinux and a firewall are on after the installation, and must allow what the proxy does. */
  readonly guarded: boolean;
}

export const distributions: Readonly<Record<Family, Distribution>> = {
  debian: { install: "apt-get install", certbot: undefined, htpasswd: "apache2-utils", authorities: "/etc/ssl/certs/ca-certificates.crt", guarded: false },
  rhel: { install: "dnf install", certbot: { repository: "epel-release", timer: "certbot-renew.timer" }, htpasswd: "httpd-tools", authorities: "/etc/pki/tls/certs/ca-bundle.crt", guarded: true },
};

/** Where a server's packages come from, if not from the distribution. */
export type Packages = "distribution" | "nginx.org";

/** Other names of the platforms: code names, and rebuilds. */
export const otherNames: Readonly<Record<string, Platform>> = {
  bookworm: "debian-12", trixie: "debian-13", jammy: "ubuntu-22.04", noble: "ubuntu-24.04",
  ...Object.fromEntries(["almalinux", "alma", "rocky", "rockylinux", "oraclelinux", "centos", "el"].flatMap((name) => [[`${name}-9`, "rhel-9"], [`${name}-10`, "rhel-10"]] as const)),
};

export interface Software {
  /** The official name. */
  readonly title: string;
  /** The versions in the distributions' own repositories; a platform without it is missing. */
  readonly versions: Readonly<Partial<Record<Platform, Version>>>;
  /** The oldest version to write for, if no distribution has the software or the oldest one there. */
  readonly since?: Version;
}

/** How a distribution installs and runs a server. */
export interface Installation {
  readonly packages: readonly string[];
  /** Its systemd unit. */
  readonly unit: string;
  /** Its folder below /etc. */
  readonly root: string;
  /** The group of its worker processes. */
  readonly group: string;
  /** The folder for generated files. */
  readonly folder: string;
  /** The ending of their names. */
  readonly ending: string;
  /** The folder with links to the files that it loads; undefined when it loads every file in `folder`. */
  readonly enabled: string | undefined;
  /** The command that checks its whole configuration; undefined when it has none. */
  readonly validate: string | undefined;
  /** Whether its files take effect by themselves; absent: by a reload of its unit. */
  readonly watches?: true;
  /** What passing on TCP connections takes, where it is not as for a site. */
  readonly streams?: Streams;
}

export interface Streams {
  /** The packages beside the server's own. */
  readonly packages: readonly string[];
  /** The folder for the files. */
  readonly folder: string;
  /** Whether the server's own configuration includes the files of this folder at its top level. */
  readonly included: boolean;
}

export interface Server extends Software {
  /** `own`: it is linked into the server, whose version decides. */
  readonly tlsLibrary: keyof typeof libraries | "own";
  readonly proxyProtocol: {
    /** The first version that accepts the client's address from PROXY protocol; undefined when none does. */
    readonly accepts: Version | undefined;
    /** The first version that can send it to mailcow, which is an HTTP upstream; undefined when none can. */
    readonly sends: Version | undefined;
  };
  /** What becomes of X-Forwarded-For from a trusted proxy: the client's address, or the list with that proxy's own address added. */
  readonly forwardedFor: "replaced" | "added";
  /** SELinux' booleans that let it connect to mailcow: on the usual ports of web servers, undefined when none is needed, and on any port. */
  readonly booleans: {
    readonly webPorts: string | undefined;
    readonly anyPort: string | undefined;
    /** Whether it may listen on ports of other services, too, once it may connect to any port. */
    readonly listens: boolean;
  };
  /** Whether it can answer with files of a folder. */
  readonly servesFiles: boolean;
  /** Whether it has an ACME client of its own, which keeps its certificates. */
  readonly acme: boolean;
  /** Whether it can serve names in every domain over TLS, such as `autodiscover.*`, and not only names that its file lists. */
  readonly anyDomain: boolean;
  /** The target with which it passes TCP connections on with PROXY protocol; undefined when it cannot. */
  readonly mailTarget: TargetId | undefined;
  readonly installations: Readonly<Record<Family, Installation>>;
  /** What differs with packages from elsewhere, and the page that says how to set up their repository. */
  readonly elsewhere?: Readonly<Partial<Record<Packages, Pick<Installation, "group" | "folder" | "enabled" | "streams"> & { readonly instructions: string }>>>;
}

/** The booleans of web servers. */
const httpd = { webPorts: "httpd_can_network_relay", anyPort: "httpd_can_network_connect", listens: false };

/** The TLS libraries of the servers. */
const libraries = {
  openssl: {
    title: "OpenSSL",
    // RHEL 9 has 3.0 up to 9.4, and a later one from 9.5 on.
    versions: { "debian-12": "3.0", "debian-13": "3.5", "ubuntu-22.04": "3.0", "ubuntu-24.04": "3.0", "rhel-9": "3.0", "rhel-10": "3.5" },
  },
} as const satisfies Record<string, Software>;

/** The same on every distribution. */
const haproxyInstallation = {
  packages: ["haproxy"],
  unit: "haproxy",
  root: "/etc/haproxy",
  group: "haproxy",
  folder: "/etc/haproxy/conf.d",
  ending: ".cfg",
  enabled: undefined,
  validate: "haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d",
} as const satisfies Installation;

/** The same on every distribution; the packages of Fedora and EPEL import this folder themselves. */
const caddyInstallation = {
  packages: ["caddy"],
  unit: "caddy",
  root: "/etc/caddy",
  group: "caddy",
  folder: "/etc/caddy/Caddyfile.d",
  ending: ".caddyfile",
  enabled: undefined,
  validate: "caddy validate --config /etc/caddy/Caddyfile",
} as const satisfies Installation;

/** No distribution has it: a program from its own releases, with the unit of docs/install/traefik.md. It reads its files without a command. */
const traefikInstallation = {
  packages: [],
  unit: "traefik",
  root: "/etc/traefik",
  group: "root",
  folder: "/etc/traefik/dynamic",
  ending: ".yml",
  enabled: undefined,
  validate: undefined,
  watches: true,
} as const satisfies Installation;

/** In the order in which they are listed. */
const rows = {
  nginx: {
    title: "nginx",
    versions: { "debian-12": "1.22.1", "debian-13": "1.26.3", "ubuntu-22.04": "1.18.0", "ubuntu-24.04": "1.24.0", "rhel-9": "1.20.1", "rhel-10": "1.26.3" },
    tlsLibrary: "openssl",
    proxyProtocol: { accepts: "1.5.12", sends: undefined },
    forwardedFor: "replaced",
    booleans: httpd,
    servesFiles: true,
    acme: false,
    anyDomain: true,
    mailTarget: "nginx-mail",
    installations: {
      debian: {
        packages: ["nginx"],
        unit: "nginx",
        root: "/etc/nginx",
        group: "www-data",
        folder: "/etc/nginx/sites-available",
        ending: ".conf",
        enabled: "/etc/nginx/sites-enabled",
        validate: "nginx -t",
        streams: { packages: ["libnginx-mod-stream"], folder: "/etc/nginx/modules-enabled", included: true },
      },
      rhel: {
        packages: ["nginx"],
        unit: "nginx",
        root: "/etc/nginx",
        group: "nginx",
        folder: "/etc/nginx/conf.d",
        ending: ".conf",
        enabled: undefined,
        validate: "nginx -t",
        streams: { packages: ["nginx-mod-stream"], folder: "/usr/share/nginx/modules", included: true },
      },
    },
    elsewhere: { "nginx.org": { group: "nginx", folder: "/etc/nginx/conf.d", enabled: undefined, streams: { packages: [], folder: "/etc/nginx", included: false }, instructions: "https://nginx.org/en/linux_packages.html" } },
  },
  apache: {
    title: "Apache",
    versions: { "debian-12": "2.4.71", "debian-13": "2.4.71", "ubuntu-22.04": "2.4.52", "ubuntu-24.04": "2.4.58", "rhel-9": "2.4.62", "rhel-10": "2.4.63" },
    tlsLibrary: "openssl",
    proxyProtocol: { accepts: "2.4.31", sends: undefined },
    forwardedFor: "replaced",
    booleans: httpd,
    servesFiles: true,
    acme: false,
    anyDomain: true,
    mailTarget: undefined,
    installations: {
      debian: {
        packages: ["apache2"],
        unit: "apache2",
        root: "/etc/apache2",
        group: "www-data",
        folder: "/etc/apache2/sites-available",
        ending: ".conf",
        enabled: "/etc/apache2/sites-enabled",
        validate: "apache2ctl -t",
      },
      rhel: {
        packages: ["httpd", "mod_ssl", "mod_http2"],
        unit: "httpd",
        root: "/etc/httpd",
        group: "apache",
        folder: "/etc/httpd/conf.d",
        ending: ".conf",
        enabled: undefined,
        validate: "httpd -t",
      },
    },
  },
  haproxy: {
    title: "HAProxy",
    versions: { "debian-12": "2.6.12", "debian-13": "3.0.11", "ubuntu-22.04": "2.4.24", "ubuntu-24.04": "2.8.5", "rhel-9": "2.8.14", "rhel-10": "3.0.5" },
    tlsLibrary: "openssl",
    proxyProtocol: { accepts: "1.5.0", sends: "1.5.0" },
    forwardedFor: "replaced",
    booleans: { webPorts: undefined, anyPort: "haproxy_connect_any", listens: true },
    servesFiles: false,
    acme: false,
    anyDomain: true,
    mailTarget: "haproxy-mail",
    installations: { debian: haproxyInstallation, rhel: haproxyInstallation },
  },
  caddy: {
    title: "Caddy",
    versions: { "debian-12": "2.6.2", "debian-13": "2.6.2", "ubuntu-24.04": "2.6.2" },
    tlsLibrary: "own",
    proxyProtocol: { accepts: "2.8", sends: "2.8" },
    forwardedFor: "replaced",
    booleans: { webPorts: undefined, anyPort: "httpd_can_network_connect", listens: false },
    servesFiles: false,
    acme: true,
    anyDomain: false,
    mailTarget: undefined,
    installations: { debian: caddyInstallation, rhel: caddyInstallation },
  },
  traefik: {
    title: "Traefik",
    versions: {},
    since: "3.5",
    tlsLibrary: "own",
    proxyProtocol: { accepts: "3.0.0", sends: undefined },
    forwardedFor: "added",
    booleans: { webPorts: undefined, anyPort: undefined, listens: true },
    servesFiles: false,
    acme: true,
    anyDomain: true,
    mailTarget: "traefik-mail",
    installations: { debian: traefikInstallation, rhel: traefikInstallation },
  },
} as const satisfies Record<string, Server>;

export type ServerId = keyof typeof rows;

export const servers: Readonly<Record<ServerId, Server>> = rows;

/** The software whose version a description can give. */
export type SoftwareId = ServerId | keyof typeof libraries;

export const software: Readonly<Record<SoftwareId, Software>> = { ...servers, ...libraries };

export const serverIds = keysOf(servers);
export const softwareIds = keysOf(software);

/** The software whose version decides what the server's TLS can do. */
export function tlsLibraryOf(id: ServerId): SoftwareId {
  const { tlsLibrary } = servers[id];
  return tlsLibrary === "own" ? id : tlsLibrary;
}

/** The servers that have an ACME client of their own. */
export const acmeServers: readonly ServerId[] = serverIds.filter((id) => servers[id].acme);

/** The servers that can answer with files of a folder. */
export const fileServers: readonly ServerId[] = serverIds.filter((id) => servers[id].servesFiles);

/** Features and the first versions with them; docs/contract.md says what changes. */
export const features = {
  /** `ssl_conf_command`, for settings without an nginx directive, such as TLS 1.3 cipher suites. */
  nginxConfCommand: { server: "nginx", since: "1.19.4" },
  /** `http2 on;` instead of `listen … http2`, which causes a warning from this version on. */
  nginxHttp2Directive: { server: "nginx", since: "1.25.1" },
  /** nginx rotates session ticket keys itself, so tickets can stay on. */
  nginxTicketRotation: { server: "nginx", since: "1.23.2" },
  /** `resolve` on a `server` line of an `upstream`: nginx follows a name and keeps connections. */
  nginxUpstreamResolve: { server: "nginx", since: "1.27.3" },
  /** `addressttl=`, from 2.4.59 on, whose first release of it has faults: Apache follows a name and keeps connections. */
  apacheAddressTtl: { server: "apache", since: "2.4.60" },
  /** `curves` on a `server` line: the groups for TLS to mailcow. */
  haproxyServerCurves: { server: "haproxy", since: "2.9" },
  /** `client_ip`, which a later handler can set, in place of `remote_ip forwarded`. */
  caddyClientIp: { server: "caddy", since: "2.7" },
  /** `basic_auth` in place of `basicauth`, `tls_trust_pool` in place of `tls_trusted_ca_certs`, `tls_curves`, and PROXY protocol with a policy for other peers. */
  caddyNewWords: { server: "caddy", since: "2.8" },
  /** A limit of a minute for the headers of a request, which older versions have only as a global option. */
  caddyReadHeader: { server: "caddy", since: "2.9" },
  /** The hybrid group in Go's TLS. */
  caddyMlKem: { server: "caddy", since: "2.10", group: "X25519MLKEM768" },
  /** `encodedCharacters` on an entry point. From here to 3.6.6, Traefik refuses paths with `%2F` without it. */
  traefikEncodedCharacters: { server: "traefik", since: "3.6.4" },
  /** `proxy_protocol v2` towards the upstream of a TCP connection, instead of v1. */
  nginxSendsProxyV2: { server: "nginx", since: "1.31.4" },
  /** PROXY protocol in `serversTransports` of TCP services; older versions take it in `loadBalancer`. */
  traefikTcpTransports: { server: "traefik", since: "3.5.2" },
  /** `minVersion` and `cipherSuites` in `serversTransports`: the profile for TLS to mailcow. */
  traefikUpstreamTls: { server: "traefik", since: "3.7.0" },
  /** `aliasHeadersStrategy` on an entry point, about whose absence these versions warn. */
  traefikAliasHeaders: { server: "traefik", since: "3.7.12" },
  /** The hybrid group. */
  mlKem: { server: "openssl", since: "3.5", group: "X25519MLKEM768" },
} as const satisfies Record<string, { server: SoftwareId; since: Version; /** The key exchange group that it brings. */ group?: string }>;
