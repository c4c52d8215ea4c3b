/** Sentences on TLS settings, and on who keeps the certificate. */
import { flow } from "../../yaml/flow.ts";
import { beside, remove, set } from "../edit.ts";
import { compareVersions } from "../../site/platform.ts";
import { type Platform, type Software, type SoftwareId, type Version, families, software } from "../../site/servers.ts";
import { keysOf } from "../../keys-of.ts";
import type { TlsProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";

export const tlsMessages: Writers<keyof TlsProblems> = {
  "certificate-missing": ({ key, hostname }, at) => {
    const file = `/etc/ssl/${hostname}/${key === "key" ? "privkey" : "fullchain"}.pem`;
    return { message: `tls.issuer is files, but tls.${key} is missing`, help: `write the path of the file, e.g. ${key}: ${file}`, edits: [set(beside(at, key), file)] };
  },
  "certificate-unused": ({ key, issuer }, at) => ({
    message: `${key} has no effect with issuer ${issuer}, which uses its own files`,
    help: `remove ${key}, or write issuer: files`,
    edits: [remove(at)],
  }),
  "issuer-unused": ({ key, issuer, wanted }, at) => ({
    message: `${key} has no effect with issuer ${issuer}; only issuer ${wanted.join(" or ")} uses it`,
    help: `remove ${key}, or write issuer: ${wanted.join(" or ")}`,
    edits: [remove(at)],
  }),
  "certbot-names": warning(({ count, limit }) => ({
    message: `the certificate would have ${count} names, but Let's Encrypt allows at most ${limit}`,
    help: "write issuer: mailcow and sni: true to get one certificate per mail domain",
  })),
  "email-missing": () => ({
    message: "certbot needs an e-mail address for its account",
    help: "write tls.email: you@example.org",
  }),
  "hsts-preload": ({ maxAge, includeSubdomains }, at) => {
    const lacking = [...(maxAge ? [{ key: "max_age", value: 63_072_000 }] : []), ...(includeSubdomains ? [{ key: "include_subdomains", value: true }] : [])];
    return {
      message: "the browsers' preload list accepts only names with include_subdomains and a max_age of at least one year",
      help: `write ${lacking.map(({ key, value }) => `${key}: ${value}`).join(" and ")}, or remove preload`,
      edits: lacking.map(({ key, value }) => set(beside(at, key), value)),
    };
  },
  "tls-group-unknown": ({ group, library, version, since, only }, at) => ({
    message: `${needs(group, library, since, version)}; servers do not start with an unknown group`,
    help: `remove ${only ? "groups" : "it"}, or choose ${newer(library, since)}`,
    // A list of groups must not be empty.
    edits: [remove(only ? at.replace(/\/\d+$/, "") : at)],
  }),
  "tls-group-left-out": note(({ group, library, version, since }) => ({
    message: `the profile's group ${group} is left out: ${needs("it", library, since, version)}`,
  })),
  "issuer-proxy-elsewhere": ({ container }) => ({
    message: `the certificates of the proxy cannot be copied to mailcow ${container ? "from a container" : "on another host"}`,
    help: "write acme_mailcow: true in tls, and acme-mailcow keeps a certificate for the mail services",
    edits: [set("/tls/acme_mailcow", true)],
  }),
  "issuer-proxy-port": warning(({ scheme, port, wanted }) => ({
    message: `the proxy orders its certificates itself, and the authority asks for proofs on ports 80 and 443, but clients use port ${port} for ${scheme}`,
    help: `let port ${wanted} of the public address lead to the proxy, and write public_https_port: 443; or choose another issuer`,
  })),
  "sni-wildcard": () => ({
    message: "sni gives each mail domain its own certificate, but mail_domains is missing",
    help: "list the mail domains: mail_domains: [example.org]",
  }),
  "sni-container": (_facts, at) => ({
    message: "with sni, a script on the host finds the certificate of each mail domain, but it cannot reload a server in a container",
    help: "write sni: false, or run the server on mailcow's host",
    edits: [set(at, false)],
  }),
  "sni-repeats": ({ domains, networks, count, limit }) => ({
    message: `with sni, the virtual hosts of ${domains} mail domains would each repeat ${networks} networks and names: ${count} lines, but the limit is ${limit}`,
    help: "combine networks and names in trusted_proxies and access, or remove sni",
  }),
  "certbot-wildcard": ({ name }) =>
    name === undefined
      ? {
          message: "certbot needs every name of the certificate, but without mail_domains the names are wildcards",
          help: "write mail_domains: [example.org], or [] for only the hostname",
        }
      : {
          message: `certbot proves names with files on the web server, which is not possible for the wildcard ${name}`,
          help: "list each name in certificate_names, or write issuer: files and get the certificate with a DNS challenge",
        },
  "certbot-host-unused": (_facts, at) => ({
    message: "certbot_host has no effect, because the proxy and mailcow are on one host",
    help: "remove certbot_host, or, if the proxy is on another host, write the address from which it connects in proxy.addresses",
    edits: [remove(at)],
  }),
  "acme-mailcow-unused": ({ key }, at) => ({
    message: `${key} has no effect with acme_mailcow, because mailcow then gets no copy of certbot's certificate`,
    help: `remove ${key} or acme_mailcow`,
    edits: [remove(at)],
  }),
  "acme-webroot-tokens": ({ above }, at) => ({
    message: "acme_webroot must be the folder above .well-known/acme-challenge, because servers append that path to it",
    ...(above === undefined ? { help: "let your ACME client use another folder, e.g. /var/www/acme" } : { help: `write ${above}`, edits: [set(at, above)] }),
  }),
  "certificate-elsewhere": warning(({ issuer, transfer, targets, missing, needsEmail }) => ({
    message: transfer === "fetch"
      ? "the certificate is on mailcow's host, and the proxy's host needs a copy after each renewal"
      : `the certificate ${issuer === "certbot" ? "of certbot " : ""}is on the proxy's host, and mailcow's host needs a copy after each renewal for its mail services`,
    help: `write targets: ${flow(targets)}${needsEmail ? ", and in tls: email: you@example.org" : ""}; ${missing.length > 1 ? "their scripts copy" : `the scripts of ${missing.join("")} copy`} it over SSH`,
    // Only the administrator knows the address.
    edits: needsEmail ? [] : [set("/targets", targets)],
  })),
};

function needs(what: string, library: SoftwareId, since: Version, version: Version): string {
  const { title } = software[library];
  return `${what} needs ${title} ${since}, but this description is for ${title} ${version}`;
}

/** What to write for a version that is new enough. */
function newer(library: SoftwareId, since: Version): string {
  const { versions }: Software = software[library];
  const has = (platform: Platform) => compareVersions(versions[platform] ?? "0", since) >= 0;
  const platform = keysOf<Platform>(families).find(has);
  const version = `versions: { ${library}: "${since}" }`;
  return platform === undefined ? `a version that has it: write ${version}` : `a platform that has it: write platform: ${platform}, or ${version}`;
}
