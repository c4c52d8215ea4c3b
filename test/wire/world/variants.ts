/** The descriptions the contract is checked with, and how clients get to the proxy in each. */
import type { KeyType } from "./certificate.ts";
import { inForms } from "./panels/firewall.ts";
import { inServerBlock } from "./panels/hosting.ts";
import { inProxyHost } from "./panels/proxy-manager.ts";
import type { Layout } from "./proxy.ts";
import type { ServerId } from "../../../src/core/site/servers.ts";

/** Addresses of a client, of somebody else, and of the outer proxies; run.js gives all of them to the loopback interface. */
export const client = { v4: "203.0.113.10", v6: "2001:db8::11" } as const;
/** Whom no access rule lets in. */
export const stranger = { v4: "203.0.113.66", v6: "2001:db8::66" } as const;
/** Whom the access rules let in. */
export const administrator = { v4: "203.0.113.77", v6: "2001:db8::c:77" } as const;
export const outer = { v4: "198.51.100.7", v6: "2001:db8::a:7" } as const;
/** The outer proxy's IPv4 address as 6to4 has it: somebody else's. */
export const outerTo6to4 = "2002:c633:6407::1";
/** A further trusted proxy, between the outer one and the client. */
export const outermost = { v4: "198.51.100.8" } as const;
export const untrusted = { v4: "198.51.100.99" } as const;
export const privateClients = ["10.9.8.7", "172.16.5.5", "192.168.7.7", "fd00::7"] as const;

export interface Variant {
  readonly name: string;
  readonly description: string;
  /** Another host's description, for the same server and before this one. */
  readonly beside?: string;
  /** Where clients connect to. */
  readonly address: { readonly v4: string; readonly v6: string };
  /** How the client's address gets to the proxy: by the connection, by X-Forwarded-For or by PROXY protocol. */
  readonly arrival: "direct" | "forwarded" | "proxy-protocol";
  /** Names that mailcow answers for, beside the public name. */
  readonly otherNames: readonly string[];
  /** Names of its mail domains that the description leaves out. */
  readonly leftOut?: readonly string[];
  /** Names that are only in the certificate. */
  readonly certificateNames?: readonly string[];
  /** Whether the description has access rules, on /rspamd among others. */
  readonly access: boolean;
  /** Whether the rows that take long, or stop mailcow, are proved here; each is in some variant. */
  readonly time?: true;
  readonly failure?: true;
  /** Whether another site, with TLS, is in the server before ours. */
  readonly neighbour?: true;
  /** The address of mailcow's container, where it is reached by a name that no DNS server knows yet. */
  readonly mailcowAt?: string;
  /** The name and the address of mailcow's container, where a DNS server knows it. */
  readonly container?: { readonly name: string; readonly address: string };
  /** The panel whose forms have the texts, and the server that it owns. Other servers leave the variant out. */
  readonly panel?: ServerId;
  /** The rows that hold here; all of them unless given. */
  readonly rows?: readonly string[];
  /** Whose packages' files the server has; the distribution's own unless given. */
  readonly layout?: Layout;
  /** Of the proxy's certificate; RSA unless given. */
  readonly key?: KeyType;
  /** What is changed in the output before it is installed. */
  readonly adjust?: (content: string) => string;
}

const any = { v4: "192.0.2.10", v6: "2001:db8::10" } as const;

const accessRules = `access:
  - { path: /rspamd, allow: [${administrator.v4}, "${administrator.v6}", 192.0.2.0/24] }
  - { path: /SOGo/so/admin, allow: [${administrator.v4}/32] }
  - { path: /rspamd/history, allow: [192.0.2.80] }
  - { path: /ipv4, allow: [0.0.0.0/0] }
  - { path: /ipv6, allow: ["::/0"] }
  - { path: /outer, allow: [198.51.100.0/28] }
`;

const inHostingPanel = `
hostname: mail.example.org
mail_domains: [example.org]
tls: { issuer: files, certificate: /etc/ssl/mail.example.org/fullchain.pem, key: /etc/ssl/mail.example.org/privkey.pem }
`;

const certificate = "/opt/npm/letsencrypt/live/npm-4/fullchain.pem";
const key = "/opt/npm/letsencrypt/live/npm-4/privkey.pem";

/** The proxy host of a description in NGINX Proxy Manager. */
export const proxyHost = { names: ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"], certificate, key } as const;

export const inProxyManager = `
hostname: mail.example.org
mail_domains: [example.org]
tls: { issuer: files, certificate: ${certificate}, key: ${key} }
`;

const trustedInProxyManager = `${inProxyManager}proxy: { upstream: { address: nginx-mailcow }, trusted_proxies: [198.51.100.0/28, "${outer.v6}", cloudflare] }
`;

/** What holds where a panel owns the names, the TLS settings and the ACME challenge. */
const ofLocations: readonly string[] = ["client address", "headers to mailcow", "path and query", "methods", "bodies", "response headers", "answers", "failure", "time"];

/** What other folders and stock sites can change. */
const ofFolders: readonly string[] = ["company", "names", "http", "TLS", "access"];

/** What another port and scheme can change, where the rest has been proved with the usual ones. */
const ofPorts: readonly string[] = ["company", "http", "TLS in front", "headers to mailcow", "path and query", "answers", "access", "other sites"];

const inPanel = `
hostname: mail.example.org
mail_domains: [example.org]
certificate_names: [imap.example.org]
`;

export const variants: readonly Variant[] = [
  {
    name: "minimal",
    description: "hostname: mail.example.org\n",
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org", "autoconfig.sub.example.net", "mta-sts.example.com"],
    access: false,
    time: true,
  },
  {
    name: "everything",
    description: `
hostname: mail.example.org
mail_domains: [example.org, example.net]
additional_server_names: [webmail.example.com, "mail.*"]
certificate_names: ["imap.*", smtp.example.com]
other_sites: [cloud.example.com, portainer.example.org]
proxy:
  listen: [192.0.2.10, 192.0.2.11, "2001:db8::10"]
  trusted_proxies: [198.51.100.0/28, "2001:db8:0:0:0:0:a:0/112"]
tls: { issuer: certbot, hsts: { max_age: 63072000, include_subdomains: true } }
${accessRules}platform: debian-12
`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org", "autoconfig.example.net", "mta-sts.example.net", "webmail.example.com", "mail.example.net"],
    certificateNames: ["imap.example.org", "imap.example.net", "smtp.example.com"],
    access: true,
    failure: true,
  },
  {
    name: "https to mailcow on another host",
    description: `
hostname: mail.example.org
mailcow:
  http: { bind: 10.0.0.5 }
  https: { bind: 10.0.0.5 }
additional_server_names: ["webmail.*"]
certificate_names: ["imap.*", "in.mail.*", pop.example.com]
other_sites: [cloud.example.com]
proxy:
  public_https_port: 8443
  upstream: { scheme: https, verify: /etc/ssl/mailcow-ca.pem }
  addresses: [10.0.0.5]
tls: { issuer: files, certificate: /etc/ssl/mail.example.org/fullchain.pem, key: /etc/ssl/mail.example.org/privkey.pem, profile: modern }
`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org", "webmail.example.net"],
    certificateNames: ["imap.example.org", "in.mail.example.net", "pop.example.com"],
    access: false,
    failure: true,
  },
  {
    name: "other ports, mailcow on IPv6, another mailcow host before it",
    beside: `
hostname: mail.example.com
mail_domains: [example.com]
certificate_names: [imap.example.com]
mailcow: { directory: /srv/mailcow, http: { port: 28080 }, https: { port: 28443 } }
proxy: { http_port: 8000, https_port: 8444 }
`,
    description: `
hostname: mail.example.org
mail_domains: [example.org]
discovery: [autodiscover, mta-sts]
mailcow:
  http: { bind: "::1", port: 18080 }
  https: { bind: "::1", port: 18443 }
certificate_names: ["smtp.*", pop.example.com]
other_sites: [cloud.example.org]
proxy: { http_port: 8000, https_port: 8444 }
`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org", "mta-sts.example.org"],
    leftOut: ["autoconfig.example.org"],
    certificateNames: ["smtp.example.org", "pop.example.com"],
    access: false,
  },
  {
    name: "behind a proxy with X-Forwarded-For, mailcow in a container and with an internal hostname",
    description: `
hostname: mailcow.internal.example.org
serve_hostname: false
mail_domains: [example.org]
additional_server_names: [mail.example.org, webmail.example.com]
certificate_names: [imap.example.org]
discovery: [autodiscover, mta-sts]
other_sites: [cloud.example.com]
proxy:
  listen: [192.0.2.10, "2001:db8::10"]
  https_port: 8444
  public_https_port: 8443
  upstream: { address: nginx-mailcow }
  trusted_proxies: [198.51.100.0/28, "${outer.v6}", cloudflare]
access:
  - { path: /, allow: [203.0.113.0/24, "2001:db8::/32", 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "fc00::/7"] }
  - { path: /rspamd, allow: [${administrator.v4}, "${administrator.v6}"] }
  - { path: /rspamd/named, allow: [${administrator.v4}], names: [webmail.example.com] }
`,
    address: any,
    arrival: "forwarded",
    otherNames: ["autodiscover.example.org", "webmail.example.com"],
    leftOut: ["autoconfig.example.org", "mailcow.internal.example.org"],
    certificateNames: ["imap.example.org"],
    container: { name: "nginx-mailcow", address: "172.22.1.40" },
    access: true,
  },
  {
    name: "behind a proxy with PROXY protocol",
    description: `
hostname: mail.example.org
mail_domains: [example.org]
proxy:
  listen: [192.0.2.10, "2001:db8::10"]
  https_port: 8444
  public_https_port: 443
  trusted_proxies: [198.51.100.0/28, "${outer.v6}", cloudflare]
  proxy_protocol: { accept: true }
access:
  - { path: /rspamd, allow: [${administrator.v4}, "${administrator.v6}"] }
`,
    address: any,
    arrival: "proxy-protocol",
    otherNames: ["autodiscover.example.org"],
    access: true,
  },
  {
    name: "TLS ends before the proxy",
    description: `
hostname: mail.example.org
mail_domains: [example.org]
discovery: [autodiscover, mta-sts]
certificate_names: ["imap.*"]
other_sites: [cloud.example.com]
proxy:
  listen: [192.0.2.10, "2001:db8::10"]
  http_port: 8000
  tls_ends: before
  trusted_proxies: [198.51.100.0/28, "${outer.v6}"]
tls: { hsts: { max_age: 63072000 } }
${accessRules}`,
    address: any,
    arrival: "forwarded",
    otherNames: ["autodiscover.example.org"],
    leftOut: ["autoconfig.example.org"],
    certificateNames: ["imap.example.org"],
    access: true,
    failure: true,
  },
  {
    name: "TLS ends before the proxy, another public port and https to mailcow",
    description: `
hostname: mail.example.org
other_sites: [cloud.example.com]
proxy:
  http_port: 8000
  public_https_port: 8443
  tls_ends: before
  trusted_proxies: [198.51.100.0/28, "${outer.v6}"]
  upstream: { scheme: https }
${accessRules}`,
    address: any,
    arrival: "forwarded",
    otherNames: ["autodiscover.example.org"],
    access: true,
    rows: ofPorts,
  },
  {
    name: "PROXY protocol to mailcow",
    description: `
hostname: mail.example.org
proxy:
  proxy_protocol: { send: true }
`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org"],
    access: false,
  },
  {
    name: "in RHEL's folders",
    layout: "rhel",
    description: `
hostname: mail.example.org
mail_domains: [example.org]
access:
  - { path: /rspamd, allow: [${administrator.v4}, "${administrator.v6}"] }
platform: rhel-9
`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org"],
    access: true,
    rows: ofFolders,
  },
  {
    name: "in the forms of a firewall",
    panel: "haproxy",
    description: inPanel,
    // The head of the server's own file makes the certificate.
    adjust: (content) => `${/^(?:#.*\n)*/.exec(content)?.[0]}${inForms(inPanel, "/etc/haproxy/mailcow-mail.example.org.pem")}`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org"],
    certificateNames: ["imap.example.org"],
    access: false,
    failure: true,
    rows: ofLocations,
  },
  {
    name: "in the server block of a hosting panel",
    panel: "nginx",
    description: inHostingPanel,
    adjust: (content) => `${/^(?:#.*\n)*/.exec(content)?.[0]}${inServerBlock(inHostingPanel, ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"], {
      certificate: "/etc/ssl/mail.example.org/fullchain.pem",
      key: "/etc/ssl/mail.example.org/privkey.pem",
    })}`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org"],
    access: false,
    failure: true,
    rows: ofLocations,
  },
  {
    name: "in a proxy host of NGINX Proxy Manager",
    panel: "nginx",
    description: inProxyManager,
    adjust: (content) => `${/^(?:#.*\n)*/.exec(content)?.[0]}${inProxyHost(inProxyManager, proxyHost)}`,
    address: any,
    arrival: "direct",
    otherNames: ["autodiscover.example.org"],
    access: false,
    failure: true,
    rows: ofLocations,
  },
  {
    name: "in a proxy host of NGINX Proxy Manager, behind a proxy with X-Forwarded-For, mailcow in a container",
    panel: "nginx",
    description: trustedInProxyManager,
    adjust: (content) => `${/^(?:#.*\n)*/.exec(content)?.[0]}${inProxyHost(trustedInProxyManager, proxyHost)}`,
    address: any,
    arrival: "forwarded",
    otherNames: ["autodiscover.example.org"],
    container: { name: "nginx-mailcow", address: "172.22.1.40" },
    access: false,
    rows: ["client address", "headers to mailcow", "path and query", "answers"],
  },
];
