/** All problems as a closed union of codes, each with the arguments for its message. */
import type { Description } from "../../generated/description.ts";
import type { Content, FileFault } from "../site/certificate-facts.ts";
import type { EditValue } from "./edit.ts";
import type { HostNameFault } from "../host-name.ts";
import type { Fault as DovecotFault } from "../dovecot/settings.ts";
import type { Fault as MainCfFault } from "../main-cf/parameters.ts";
import type { Fault, Spelling } from "../mailcow-conf/statements.ts";
import type { ServerId, SoftwareId } from "../site/servers.ts";
import type { TargetId } from "../output/target-id.ts";

/** The place of a problem: a node of the description, or an offset in its text (UTF-16 code units). */
export type Place =
  | { readonly pointer: string; readonly on: "key" | "value" }
  | { readonly offset: number; readonly end?: number };

/** Problems of the text, before it becomes data. */
export interface TextProblems {
  "not-a-description": { kind: Foreign };
  "not-utf-8": Record<string, never>;
  "too-large": { limit: number };
  "too-many-tokens": { limit: number };
  "more": { limit: number };
  "yaml-syntax": { detail: string };
  "yaml-tab": Record<string, never>;
  "yaml-duplicate-key": { key: string; firstLine: number };
  "yaml-several-documents": Record<string, never>;
  "yaml-indentation": Record<string, never>;
  "yaml-unclosed": { opening: string };
  "yaml-space": { after: ":" | "-"; instead: string; inList: boolean };
  "yaml-wildcard": { name: string };
  "yaml-alias": { name: string; circular: boolean };
  "yaml-alias-limit": Record<string, never>;
  "yaml-depth": { limit: number };
  "yaml-tag": { tag: string };
  "yaml-version": Record<string, never>;
  "yaml-key": Record<string, never>;
  "empty": Record<string, never>;
  "not-a-mapping": { found: string };
}

/** Problems of single keys and values. */
export interface ShapeProblems {
  "unknown-key": { key: string; allowed: readonly string[]; suggestion: KeySuggestion | undefined };
  "missing-key": { key: string; example: string };
  "wrong-type": { key: string; expected: string; value: string; instead: EditValue | undefined; example: string | undefined; optional: boolean };
  "not-allowed": { key: string; value: string; allowed: readonly string[]; nearest: string | undefined; known: MeantAs | undefined };
  "too-many-items": { key: string; limit: number };
  "too-few-items": { key: string; example: string };
  "port": { value: string };
  /** Two ports as Docker maps them; `mapped` is the key for the public one, if there is one. */
  "port-mapping": { value: string; key: string; port: number; mapped: { key: string; port: number } | undefined };
  "port-quoted": { value: string; port: number };
  "port-address": { value: string; address: string; port: number | undefined; addressKey: "bind" | "listen"; portKey: string };
  "seconds": { key: string; value: string };
  "host-name": { value: string; fault: HostNameFault; instead: string | undefined };
  "address": { value: string; fault: AddressFault };
  "network": { value: string; fault: NetworkFault };
  /** `tunnel` if the name is that of a program which ends TLS and connects from its own host. */
  "preset": { value: string; allowed: readonly string[]; nearest: string | undefined; tunnel: boolean };
  "network-host-bits": { value: string; network: string | undefined; address: string };
  "file-path": { value: string };
  "url-path": { value: string };
  "email": { value: string };
  "login-name": { value: string };
  "variable-name": { value: string; instead: string | undefined };
  "count": { key: string; value: string };
  "banlist": { value: string; example: string };
  "duration": { key: string; value: string; example: string };
  /** `instead` are the first three numbers of what may be meant. */
  "ipv4-network": { value: string; instead: string | undefined };
  "basic-auth-user": UserFault;
  "version": { value: string; example: string };
  "version-unquoted": { key: string; example: string };
}

/** Problems of names that keys make together. */
export interface NameProblems {
  "too-many-names": { count: number; limit: number };
  "certificate-name-covered": { name: string; wildcard: string };
  "derived-name-too-long": { label: string; limit: number };
  "public-name-missing": { label: string | undefined };
  "hostname-served": { hostname: string };
  "other-site-taken": { name: string; also: string };
  "mail-domain-hostname": { domain: string; parent: string };
  "mail-domain-host": { domain: string; parent: string };
}

/** Problems of ports, addresses and the way to mailcow. */
export interface NetworkProblems {
  "entry-point-taken": { name: string; other: string };
  "port-reserved": { port: number; use: string; suggestion: number };
  "port-published": { port: number; service: string; suggestion: number };
  "ports-equal": { port: number; other: string; suggestion: number };
  /** `moved` is the pointer of the port to change; `other` is one to change instead. */
  "listen-conflict": { address: string; port: number; moved: { pointer: string; suggestion: number }; other: { pointer: string; suggestion: number } | undefined };
  "bind-unreachable": { address: string; bind: string; listeners: readonly ("http" | "https")[]; named: boolean; given: boolean; container: boolean };
  "upstream-loop": { name: string };
  "resolver-unused": { address: string | undefined };
  "resolver-missing": { name: string; resolver: string };
  "discovery-port": { port: number; mapped: boolean; before: boolean };
  "trusts-everyone": { network: string; key: string };
  "verify-unused": Record<string, never>;
  "bind-public": { bind: string; key: string; elsewhere: boolean };
  "bind-ipv6": { bind: string; elsewhere: boolean };
  "addresses-missing": { address: string };
  "upstream-unverified": { address: string; authorities: string };
  "upstream-plain": { address: string; httpsBind: string | undefined };
  "addresses-elsewhere": { address: string; upstream: string };
  "mail-passes-by": { elsewhere: boolean };
}

/** Problems of what stands in front of the proxy. */
export interface FrontProblems {
  "proxy-protocol-nobody": Record<string, never>;
  "front-limits": { title: string; seconds: number; megabytes: number; plans: string; page: string };
  "tls-before-nobody": Record<string, never>;
  "tls-before-protocol": Record<string, never>;
  "tls-before-unused": { key: string };
  "tls-before-target": { target: TargetId };
  "tls-before-public": { network: string };
  "trusts-host": { network: string };
}

/** Problems of TLS settings, and of who keeps the certificate. */
export interface TlsProblems {
  "certificate-missing": { key: string; hostname: string };
  "certificate-unused": { key: string; issuer: string };
  "issuer-unused": { key: string; issuer: string; wanted: readonly string[] };
  "issuer-proxy-elsewhere": { container: boolean };
  "issuer-proxy-port": { scheme: "http" | "https"; port: number; wanted: 80 | 443 };
  "certbot-names": { count: number; limit: number };
  "email-missing": Record<string, never>;
  "hsts-preload": { maxAge: boolean; includeSubdomains: boolean };
  "tls-group-unknown": { group: string; library: SoftwareId; version: string; since: string; only: boolean };
  "tls-group-left-out": { group: string; library: SoftwareId; version: string; since: string };
  "sni-wildcard": Record<string, never>;
  "sni-container": Record<string, never>;
  "sni-repeats": { domains: number; networks: number; count: number; limit: number };
  "certbot-wildcard": { name: string | undefined };
  "certbot-host-unused": Record<string, never>;
  "acme-mailcow-unused": { key: string };
  /** `above` is the web root that belongs to it, if a description can have that. */
  "acme-webroot-tokens": { above: string | undefined };
  "certificate-elsewhere": { issuer: Issuer; transfer: "fetch" | "send"; targets: readonly TargetId[]; missing: readonly TargetId[]; needsEmail: boolean };
}

/** Problems of targets, and of what a server or panel cannot do. */
export interface TargetProblems {
  "target-issuer": { target: TargetId; issuer: string; wanted: string };
  "target-unneeded": { target: TargetId };
  "proxy-protocol-send": { target: TargetId };
  "proxy-protocol-version": { target: ServerId; verb: "accept" | "send"; version: string; since: string };
  "mail-version": { target: TargetId; server: ServerId; version: string; since: string };
  "mail-accept-version": { server: ServerId; version: string; since: string };
  "banlist-missing": Record<string, never>;
  "banlist-front": Record<string, never>;
  "sni-version": { target: ServerId; version: string; since: string };
  "issuer-proxy-server": { title: string; wanted: "mailcow" | "files" };
  "any-domain": { target: ServerId; prefix: string };
  "acme-webroot-server": { target: TargetId };
  /** `also` is the pointer of a key that goes with it. */
  "panel-decides": { target: TargetId; title: string; key: string; also: string | undefined };
  "panel-cannot": { target: TargetId; title: string; key: string };
  "panel-container": { title: string; address: string };
  /** Whether `issuer` is that of the proxy's certificate, or acme-mailcow beside files. */
  "panel-challenges": { title: string; issuer: Exclude<Issuer, "files"> | "acme_mailcow" };
  "panel-issuer": { title: string; issuer: Issuer; wanted: Issuer };
  /** Whether nothing of the target can run on the panel's host. */
  "panel-target": { target: TargetId; title: string; appliance: boolean };
  "container-target": { target: TargetId };
  "labels-container": { title: string; address: string };
  "target-twice": { target: TargetId; other: TargetId; title: string };
  "packages-version": { server: ServerId; version: string; packages: string };
  "reload-missing": { asked: readonly ServerId[]; targets: readonly TargetId[]; copies: boolean; needsEmail: boolean };
  "verify-names": { server: ServerId; name: string };
  "version-too-old": { server: string; version: string; oldest: string };
}

/** Problems of access rules and passwords. */
export interface AccessProblems {
  "access-repeated": { path: string; other: string };
  "access-name": { name: string; meant: string | undefined };
  "access-unneeded": { path: string; other: string | undefined };
  "access-opened": { name: string; path: string; rule: string };
  "access-login": { path: string };
  "access-other-sites": { name: string; port: number };
  "basic-auth-path": { path: string; needed: string };
  "basic-auth-repeated": Record<string, never>;
}

/** Problems of programs of mailcow's host. */
export interface MailHostProblems {
  /** Without the value, which may be a password. */
  "rspamd-plain-password": { key: string };
  "rspamd-hash": { key: string };
  "rspamd-read-only": Record<string, never>;
  "rspamd-empty": Record<string, never>;
  /** The services whose lines it would miss, and all that are to be sent; undefined if there is no section syslog at all. */
  "fail2ban-syslog": { missing: readonly string[]; services: readonly string[] | undefined };
  "local-mta-hostname": { hostname: string };
}

/** Why mailcow's mail ports must not be published on an address, or cannot. */
export type MailAddressFault = "name" | "wildcard" | "loopback" | "ipv6" | "container" | "proxy";
/** Why mailcow must not believe an entry of proxy.addresses, or cannot. */
export type MailProxyFault = "wide" | "loopback" | "container" | "none";

/** Problems of the mail ports. */
export interface MailProblems {
  /** `given` whether the description has the address in mail.address. */
  "mail-address": { address: string; fault: MailAddressFault; given: boolean };
  "mail-proxy": { network: string; fault: MailProxyFault };
  "mail-proxy-missing": { ipv6: boolean };
  /** The servers that cannot pass mail on, and the targets that can; `list` is the whole list with the first of these. */
  "mail-way": { unable: readonly string[]; targets: readonly TargetId[]; list: readonly TargetId[] };
  "mail-firewall": { target: TargetId; list: readonly TargetId[] };
  "mail-public": { address: string };
  "mail-outgoing": Record<string, never>;
  "mail-bans": Record<string, never>;
}

/** Between several descriptions, most of them only if they are for one server; `file` is the other description. */
export interface SeveralProblems {
  "hostname-taken": { hostname: string; file: string };
  "shared-listen": { file: string };
  "shared-differs": { key: string; value: string; other: string; file: string };
  "shared-entry-point": { name: string; address: string; other: string; file: string };
  "shared-mail": { address: string; port: number; file: string };
  "shared-upstream": { address: string; port: number; file: string };
  "shared-directory": { directory: string; file: string };
  "shared-name": { name: string; file: string; prefix: string | undefined };
  "shared-wildcard": { prefix: string; file: string };
}

/** Where the proxy's host has its certificate from: its issuer, or mailcow's host. */
export type CertificateOrigin = Issuer | "fetched";

/** Problems of the files of a certificate and its key; times are in milliseconds since 1970. */
export interface CertificateProblems {
  "certificate-file": { file: string; fault: Exclude<FileFault["kind"], "unreadable">; origin: CertificateOrigin };
  "certificate-content": { file: string; wanted: "certificate" | "key"; instead: Content };
  "certificate-swapped": { certificate: string; key: string };
  "certificate-order": { certificate: string; position: number };
  "certificate-expired": { certificate: string; until: number; now: number; origin: CertificateOrigin };
  "certificate-not-yet-valid": { certificate: string; from: number; now: number };
  "certificate-name": { certificate: string; name: string; names: readonly string[] };
  "certificate-key": { certificate: string; key: string };
  "certificate-key-encrypted": { key: string };
  "certificate-key-exposed": { key: string; mode: string };
  "certificate-unread": { file: string; reason: string };
  "certificate-expires": { certificate: string; until: number; now: number; origin: CertificateOrigin };
  "certificate-discovery": { certificate: string; names: readonly string[] };
  "certificate-chain": { certificate: string };
  "acme-webroot-closed": { webroot: string; folder: string; mode: string | undefined };
  "certificate-self-signed": { certificate: string; placeholder: boolean };
}

/** Problems in mailcow.conf. `value` is what docker compose reads, `instead` is what replaces it. */
export interface ConfProblems {
  "not-a-mailcow-conf": Record<string, never>;
  "conf-refused": { kind: Fault["kind"]; character: string | undefined; openedLine: number | undefined };
  "conf-duplicate": { key: string; firstLine: number; given: { value: string; already: boolean } | undefined };
  "conf-spelling": { key: string; spelling: Spelling; value: string; instead: { assignment: string; alone: boolean } | undefined };
  "conf-cleared": { key: string; value: string; instead: string; option: string };
  "conf-mail-open": { key: string; value: string };
  /** `port` is the usual one, and `proxied` the number in the value. */
  "conf-mail-announced": { key: string; value: string; port: number; proxied: number };
  "conf-mail-other": { key: string; value: string; address: string; proxied: number };
  "conf-acme-off": Record<string, never>;
  "conf-removal": { key: string; value: string; option: string; entry: string | undefined; wildcard: string | undefined };
  "conf-certified": { name: string };
  "conf-names-left-out": { key: "AUTODISCOVER_SAN" | "ONLY_MAILCOW_HOSTNAME"; value: string };
  "conf-discovery": { key: string; value: string };
  "conf-sni": Record<string, never>;
  "conf-rename": { value: string; hostname: string };
  "conf-acme-dns": { name: string };
  "conf-hostname": Record<string, never>;
  /** `to` is the address that the description has then. */
  "conf-moved": { port: string; bind: string; key: string; to: string };
  "conf-redirect": Record<string, never>;
  "conf-certificate": { certificate: string | undefined };
}

/** Problems of mailcow's other files that merge changes. `value` is what is in the file, `wanted` what a target sets. */
export interface MergedProblems {
  "not-a-compose-file": { found: string };
  /** `isList`: it is a list, in which entries of the administrator may follow the wanted ones. */
  "merged-differs": { key: string; value: string; wanted: string; isList: boolean };
  "merged-elsewhere": { key: string; wanted: string };
  /** `anchor` without its `&`. */
  "merged-shared": { key: string; anchor: string };
  "merged-log-option": { key: string; driver: string };
  /** `wanted` is the value that publishes the port at the address of mailcow.conf. */
  "compose-port-open": { port: number; title: string; wanted: string };
  /** `values` is what to add by hand. */
  "merged-layout": { values: string };
  "extra-cf-line": { kind: MainCfFault["kind"] };
  "extra-cf-hostname": { hostname: string };
  "extra-conf-line": { kind: DovecotFault["kind"] };
}

/** Problems of a relayhost, and of logs in the host's syslog. */
export interface SystemProblems {
  "section-missing": { target: TargetId; section: string; example: string | undefined };
  /** `others`: it has another target that the description lists. */
  "section-unused": { section: string; targets: readonly TargetId[]; others: boolean };
  "plain-secret": { key: string; instead: string };
  "relayhost-wrapped": { port: number };
  "relayhost-credentials": { given: "username" | "password" | "both"; key: string };
  "relayhost-self": { host: string };
  "relayhost-name": { host: string };
  "syslog-port": { port: number; service: string };
}

/** The arguments of each code. `value` is the value in the description, as text. */
export type ProblemArguments = TextProblems & ShapeProblems & NameProblems & NetworkProblems & FrontProblems & TlsProblems & TargetProblems & AccessProblems & SeveralProblems & CertificateProblems & ConfProblems & MergedProblems & SystemProblems & MailHostProblems & MailProblems;

/** How a word that a key does not take is known, if it is not a misspelt one. */
export type MeantAs = "authority" | "acme-client" | "code-name" | "other-platform" | "other-release" | "front" | "panel";

/** What an unknown key was meant to be. */
export type KeySuggestion =
  /** A similar key of the same mapping; `given` if the mapping has it already. */
  | { readonly kind: "similar"; readonly key: string; readonly given: boolean }
  /** The key of another mapping: the pointers of all mappings that may have it; `given` if the only one has it already. */
  | { readonly kind: "elsewhere"; readonly mappings: readonly string[]; readonly given: boolean };

/** Why a text is not a usable IP address; `instead` is the address in it. */
export type AddressFault =
  | { readonly kind: "name" | "localhost" | "asterisk" | "group" | "link-local" | "other" }
  | { readonly kind: "port" | "zone" | "mapped"; readonly instead: string };

/** Why a text is not a usable IP network; `instead` is the network in it. */
export type NetworkFault =
  | { readonly kind: "broadcast" | "everyone" | "other" }
  /** `instead` is undefined where the key does not take that network either. */
  | { readonly kind: "zone" | "mapped"; readonly instead: string | undefined };

/** Why a text is not a user of basic_auth; never with the text, which may be a password. */
export type UserFault =
  | { readonly kind: "password" | "hash" | "name" }
  | { readonly kind: "cost"; readonly cost: number };

/** The kinds of files that are not descriptions. */
export type Foreign =
  /** KEY=value lines: mailcow.conf, .env. */
  | "assignments"
  | "pem"
  | "script"
  | "binary"
  /** Any other file without a description's keys. */
  | "other";

export type Issuer = Description["tls"]["issuer"];

export type Code = keyof ProblemArguments;

export type Problem = {
  [C in Code]: {
    readonly code: C;
    readonly arguments: ProblemArguments[C];
    readonly place: Place;
    /** Pointers to everything that it is about, where that is not its place. It is left out when one of these values is invalid. */
    readonly reads?: readonly string[];
  };
}[Code];
