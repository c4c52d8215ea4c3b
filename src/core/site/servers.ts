/**
 * All that is known of a server outside its own folder in src/targets: a row each. Rules, questions and messages ask here,
 * and name none.
 */

import { keysOf } from "../keys-of.ts";

/** `major.minor` or `major.minor.patch`. */
export type Version = string;
export type Platform = "debian-12" | "debian-13" | "ubuntu-22.04" | "ubuntu-24.04";

interface Software {
  /** The name as its makers write it. */
  readonly title: string;
  /** The versions in the distributions' own repositories. */
  readonly versions: Readonly<Record<Platform, Version>>;
}

interface Server extends Software {
  readonly tlsLibrary: keyof typeof libraries;
  /** Whether it can speak PROXY protocol to mailcow, which is an HTTP upstream. */
  readonly sendsProxyProtocol: boolean;
}

/** TLS libraries, which the servers are built with. */
const libraries = {
  openssl: { title: "OpenSSL", versions: { "debian-12": "3.0", "debian-13": "3.5", "ubuntu-22.04": "3.0", "ubuntu-24.04": "3.0" } },
} as const satisfies Record<string, Software>;

/** In the order in which they are listed. */
export const servers = {
  nginx: {
    title: "nginx",
    versions: { "debian-12": "1.22.1", "debian-13": "1.26.3", "ubuntu-22.04": "1.18.0", "ubuntu-24.04": "1.24.0" },
    tlsLibrary: "openssl",
    sendsProxyProtocol: false,
  },
  apache: {
    title: "Apache",
    versions: { "debian-12": "2.4.71", "debian-13": "2.4.68", "ubuntu-22.04": "2.4.52", "ubuntu-24.04": "2.4.58" },
    tlsLibrary: "openssl",
    sendsProxyProtocol: false,
  },
  haproxy: {
    title: "HAProxy",
    versions: { "debian-12": "2.6.12", "debian-13": "3.0.11", "ubuntu-22.04": "2.4.24", "ubuntu-24.04": "2.8.5" },
    tlsLibrary: "openssl",
    sendsProxyProtocol: true,
  },
} as const satisfies Record<string, Server>;

type ServerId = keyof typeof servers;

/** What a description can give a version of. */
export type SoftwareId = ServerId | keyof typeof libraries;

export const software: Readonly<Record<SoftwareId, Software>> = { ...servers, ...libraries };

export const serverIds = keysOf(servers);
export const softwareIds = keysOf(software);

/** A feature and the version that brought it; docs/contract.md says what is written then. */
export const features = {
  /** `ssl_conf_command`: what nginx has no directive for, TLS 1.3 cipher suites among it. */
  nginxConfCommand: { server: "nginx", since: "1.19.4" },
  /** `http2 on;` in place of `listen … http2`, which warns from this version on. */
  nginxHttp2Directive: { server: "nginx", since: "1.25.1" },
  /** Session ticket keys are rotated by nginx itself, so tickets may stay on. */
  nginxTicketRotation: { server: "nginx", since: "1.23.2" },
  /** Groups for TLS to mailcow: `curves` on a `server` line. */
  haproxyServerCurves: { server: "haproxy", since: "2.9" },
  /** The X25519MLKEM768 group. */
  mlKem: { server: "openssl", since: "3.5" },
} as const satisfies Record<string, { server: SoftwareId; since: Version }>;
