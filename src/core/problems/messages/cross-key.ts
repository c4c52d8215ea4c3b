/** Sentences on keys that conflict with each other. */
import { flow } from "../../yaml/flow.ts";
import { fileServers, protocolSenders, servers } from "../../site/servers.ts";
import { beside, remove, set } from "../edit.ts";
import type { CrossKeyProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";

/** The last key of a pointer. */
function keyOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf("/") + 1);
}

/** A pointer for a sentence: `mailcow.https.port`. */
function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".");
}

/** Words for a sentence: `a, b and c`. */
const all = (words: readonly string[]) => [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");

export const crossKeyMessages: Writers<keyof CrossKeyProblems> = {
  "port-reserved": ({ port, use, suggestion }, at) => ({
    message: `mailcow's nginx already uses port ${port} inside its container: ${use}`,
    help: `use another port, e.g. ${suggestion}`,
    edits: [set(at, suggestion)],
  }),
  "port-published": ({ port, service, suggestion }, at) => ({
    message: `mailcow already publishes ${service} on port ${port}`,
    help: `use another port, e.g. ${suggestion}`,
    edits: [set(at, suggestion)],
  }),
  "ports-equal": ({ port, other, suggestion }, at) => ({
    message: `port ${port} is already used for ${other}`,
    help: `use another port, e.g. ${suggestion}`,
    edits: [set(at, suggestion)],
  }),
  "listen-conflict": ({ address, port, moved, other }, at) => ({
    message: `the proxy and mailcow would both listen on ${address} port ${port}`,
    help: `write ${moved.pointer === at ? keyOf(at) : dotted(moved.pointer)}: ${moved.suggestion}${other === undefined ? "" : ` or ${dotted(other.pointer)}: ${other.suggestion}`}, or, if mailcow is on another host, write its address in proxy.upstream.address`,
    edits: [set(moved.pointer, moved.suggestion)],
  }),
  "bind-unreachable": ({ address, bind, listeners, named, given, container }, at) => {
    const message = given
      ? `the proxy would reach mailcow at ${address}, but mailcow listens only on ${bind}`
      : `the proxy is on another host, and cannot reach mailcow's ${all(listeners)} listener on ${bind}`;
    if (named) return { message, help: `write the address that ${address} has in ${all(listeners.map((key) => `mailcow.${key}.bind`))}` };
    const binds = listeners.map((key) => `mailcow.${key}.bind: ${flow(address)}`).join(" and ");
    // A container's address is not one of the host's, so Docker cannot publish a port on it.
    if (container) return { message, help: `if ${address} is a container's address, on which Docker cannot publish ports, remove proxy.upstream.address; if it is an address of mailcow's host, write ${binds}`, edits: [remove(at)] };
    return { message, help: `write mailcow's address on that network: ${binds}`, edits: listeners.map((key) => set(`/mailcow/${key}/bind`, address)) };
  },
  "upstream-loop": ({ name }) => ({
    message: `clients reach the proxy as ${name}, so its own requests would come back to it`,
    help: "write mailcow's IP address, or, if the proxy is a container on mailcow's network, nginx-mailcow",
  }),
  "resolver-unused": ({ address }, at) => ({
    message: `resolver has no effect, because ${address === undefined ? "proxy.upstream.address is missing" : `${address} is not a host name`}`,
    help: "remove resolver, or write a host name in proxy.upstream.address",
    edits: [remove(at)],
  }),
  "resolver-missing": warning(({ name, resolver }) => ({
    message: `the proxy would ask ${resolver} for ${name}: that is Docker's DNS server, which only containers can reach`,
    help: `write the DNS server of the proxy's host, e.g. proxy.upstream.resolver: 192.0.2.53, or ${resolver} if the proxy is a container`,
  })),
  "too-many-names": ({ count, limit }) => ({
    message: `the mail domains and names add up to ${count} host names, but the limit is ${limit}`,
    help: "use fewer labels such as imap.* in additional_server_names and certificate_names",
  }),
  "certificate-name-covered": ({ name, wildcard }, at) => ({
    message: `${wildcard} in the certificate already covers ${name}, and Let's Encrypt refuses an order with both`,
    help: `remove ${name} from certificate_names`,
    edits: [remove(at)],
  }),
  "derived-name-too-long": ({ label, limit }) => ({
    message: `this mail domain is longer than ${limit} characters, so ${label}. does not fit before it`,
  }),
  "public-name-missing": ({ label }) => ({
    message: `serve_hostname is false, but there is no ${label === undefined ? "other" : "full"} name for the web interface`,
    help: `write the ${label === undefined ? "" : "full "}name that people open, e.g. additional_server_names: [webmail.example.org]${label === undefined ? "" : `; ${label} is not enough`}`,
  }),
  "hostname-served": ({ hostname }, at) => ({
    message: `serve_hostname is false, but ${at === "/serve_hostname" ? "without mail_domains, the proxy" : "this"} serves ${hostname}, which is the hostname`,
    help: `${at === "/serve_hostname" ? "list mail_domains" : "remove it"}, or write serve_hostname: true`,
    edits: [set("/serve_hostname", true)],
  }),
  "other-site-taken": ({ name, also }, at) => ({
    message: `${name} already belongs to ${also}, and a name leads either to mailcow or to another site`,
    help: `remove it here, or change ${also}`,
    edits: [remove(at)],
  }),
  "mail-domain-hostname": warning(({ domain, parent }, at) => ({
    message: `${domain} is the hostname, and mailcow does not accept its hostname as a mail domain`,
    help: `write the domain of the addresses, e.g. ${parent}`,
    edits: [set(at, parent)],
  })),
  "mail-domain-host": warning(({ domain, parent }) => ({
    message: `${domain} looks like the name of a host, but mail_domains lists the domains of addresses`,
    help: `write the domain of the addresses, e.g. ${parent}; names of hosts belong in additional_server_names or certificate_names`,
  })),
  "discovery-port": warning(({ port, mapped, before }, at) => ({
    message: `mail clients and servers ask for autodiscover and mta-sts only on port 443, but ${mapped ? "clients use" : "the proxy listens on"} port ${port}`,
    help: before
      ? "let the proxy in front use port 443, and write public_https_port: 443"
      : mapped ? "map port 443 of the public address to https_port, and write public_https_port: 443" : "write https_port: 443, or, if port 443 of the public address is mapped to this port, public_https_port: 443",
    edits: [set(at, 443)],
  })),
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
  "target-issuer": ({ target, issuer, wanted }) => ({
    message: `the target ${target} works only with tls.issuer ${wanted}, but tls.issuer is ${issuer}`,
    help: `write issuer: ${wanted} in tls, or remove the target`,
  }),
  "target-unneeded": ({ target }) => ({
    message: `the target ${target} has nothing to do: with acme_mailcow, no certificate has to be copied`,
    help: "remove the target",
  }),
  "hsts-preload": ({ maxAge, includeSubdomains }, at) => {
    const lacking = [...(maxAge ? [{ key: "max_age", value: 63_072_000 }] : []), ...(includeSubdomains ? [{ key: "include_subdomains", value: true }] : [])];
    return {
      message: "the browsers' preload list accepts only names with include_subdomains and a max_age of at least one year",
      help: `write ${lacking.map(({ key, value }) => `${key}: ${value}`).join(" and ")}, or remove preload`,
      edits: lacking.map(({ key, value }) => set(beside(at, key), value)),
    };
  },
  "tls-group-unknown": ({ group, version, since, only }, at) => ({
    message: `${group} needs OpenSSL ${since}, but this description is for OpenSSL ${version}; servers do not start with an unknown group`,
    help: `remove ${only ? "groups" : "it"}, or choose a platform that has it: write platform: debian-13, or versions: { openssl: "${since}" }`,
    // A list of groups must not be empty.
    edits: [remove(only ? at.replace(/\/\d+$/, "") : at)],
  }),
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
  "proxy-protocol-send": ({ target }) => ({
    message: `${target} cannot send PROXY protocol to mailcow; only ${protocolSenders.join(", ")} can`,
    help: `write send: false, or targets: [${[...protocolSenders, "mailcow-conf"].join(", ")}]`,
    edits: [set("/proxy/proxy_protocol/send", false)],
  }),
  "acme-webroot-tokens": ({ above }, at) => ({
    message: "acme_webroot must be the folder above .well-known/acme-challenge, because servers append that path to it",
    ...(above === undefined ? { help: "let your ACME client use another folder, e.g. /var/www/acme" } : { help: `write ${above}`, edits: [set(at, above)] }),
  }),
  "acme-webroot-server": ({ target }, at) => ({
    message: `${target} cannot answer ACME challenges with files; only ${all(fileServers)} can`,
    help: `remove acme_webroot, or write targets: [${[...fileServers, "mailcow-conf"].join(", ")}]`,
    edits: [remove(at)],
  }),
  "panel-decides": ({ target, title, key, also }, at) => ({
    message: `the target ${target} does not write ${key}; ${title} decides that`,
    help: `remove ${key}, and set it in ${title} if you need it`,
    // PROXY protocol needs peers that may send it, and without it they would be trusted to set X-Forwarded-For.
    edits: [remove(at), ...(also === undefined ? [] : [remove(also)])],
  }),
  "panel-challenges": ({ title, issuer }) => ({
    message: `${title} answers ACME challenges itself, so ${issuer === "certbot" ? "certbot" : "acme-mailcow"} cannot order a certificate`,
    help: issuer === "acme_mailcow"
      ? `remove acme_mailcow, and copy ${title}'s certificate to mailcow after each renewal`
      : `write issuer: files in tls, and the paths of ${title}'s certificate in certificate and key`,
  }),
  "panel-issuer": ({ title, issuer, wanted }, at) => ({
    message: `${issuer} does not run on ${title}, which has a certificate of its own`,
    help: `write issuer: ${wanted}, for the certificate of mailcow's mail services`,
    edits: [set(at, wanted)],
  }),
  "panel-target": ({ target, title, appliance }) => ({
    message: appliance ? `the files of the target ${target} cannot run on ${title}` : `the target ${target} has nothing to do, because ${title} reloads its server after a renewal`,
    help: "remove the target",
  }),
  "proxy-protocol-nobody": () => ({
    message: "PROXY protocol is accepted, but proxy.trusted_proxies lists no peer that may send it",
    help: "write the load balancer's address, e.g. trusted_proxies: [198.51.100.7]",
  }),
  "front-limits": note(({ title, seconds, megabytes, plans, page }) => ({
    message: `${title} waits ${seconds} seconds for an answer, so ActiveSync's long requests fail, and refuses bodies of more than ${megabytes} MB on its ${plans} plans`,
    help: `let phones use a name that does not go through ${title}: see ${page}`,
  })),
  "tls-before-nobody": () => ({
    message: "TLS ends in a proxy in front, but proxy.trusted_proxies does not list it",
    help: "write the address from which it connects, e.g. trusted_proxies: [10.0.0.7]",
  }),
  "tls-before-protocol": (_facts, at) => ({
    message: "PROXY protocol does not say whether the client used https, which tls_ends: before needs to know",
    help: "write accept: false, and let the proxy in front send X-Forwarded-For and X-Forwarded-Proto",
    edits: [set(at, false)],
  }),
  "tls-before-unused": ({ key }, at) => ({
    message: `${key} has no effect with proxy.tls_ends: before, because then the proxy has no TLS`,
    help: `remove ${keyOf(at)}, or write tls_ends: here`,
    edits: [remove(at)],
  }),
  "tls-before-target": ({ target }) => ({
    message: `the target ${target} is for the proxy's certificate, but with proxy.tls_ends: before the proxy has none`,
    help: "remove the target; there is nothing to reload after a renewal",
  }),
  "tls-before-public": warning(({ network }) => ({
    message: `${network} connects over a network that others may read, and with tls_ends: before passwords and mail cross it unencrypted`,
    help: "write tls_ends: here and let the proxy in front use https, or connect the two with a tunnel or VPN",
  })),
  "trusts-host": note(({ network }) => ({
    message: `every program on this host can connect from ${network}, and is trusted to tell the client's address and that the client used https`,
  })),
  "trusts-everyone": ({ network, key }) => ({
    message: `${network} includes clients, which could then forge the address mailcow sees`,
    help: `write only the proxy's own network in ${key}`,
  }),
  "verify-unused": (_facts, at) => ({
    message: "verify has no effect while proxy.upstream.scheme is http",
    help: "remove verify, or write scheme: https",
    edits: [remove(at)],
  }),
  "version-too-old": ({ server, version, oldest }) => ({
    message: `${server} ${version} is older than ${oldest}, the oldest supported version`,
  }),
  "bind-public": warning(({ bind, key, elsewhere }, at) => ({
    message: `${key} ${bind === "" ? '"" (every address)' : bind} can be reached from outside, so clients can bypass the proxy`,
    ...(elsewhere ? { help: "block the port for everyone but the proxy" } : { help: "write bind: 127.0.0.1, or block the port for everyone but the proxy", edits: [set(at, "127.0.0.1")] }),
  })),
  "bind-ipv6": warning(({ bind, elsewhere }, at) => ({
    message: `Docker publishes mailcow on ${bind} only with a compose override, and may hide the addresses of IPv6 clients`,
    ...(elsewhere ? { help: "write an IPv4 address of mailcow's host; the proxy still serves IPv6 clients" } : { help: "write bind: 127.0.0.1; the proxy still serves IPv6 clients", edits: [set(at, "127.0.0.1")] }),
  })),
  "addresses-missing": warning(({ address }) => ({
    message: `mailcow at ${address} may not trust the proxy, and would then log and ban the proxy instead of clients`,
    help: "write the address from which the proxy connects to mailcow, e.g. proxy.addresses: [203.0.113.7]",
  })),
  "access-repeated": ({ path, other }) => ({
    message: other === path ? `there is already an access rule for ${path}` : `there is already an access rule for ${other}, and ${path} differs from it only in case`,
    help: other === path ? "write all networks in one rule" : "write the same networks in both rules, or leave one out",
  }),
  "access-name": ({ name, meant }, at) => ({
    message: `the proxy does not serve ${name}, so an access rule cannot hold on it`,
    ...(meant === undefined ? { help: "write the hostname, or a name of mail_domains or additional_server_names" } : { help: `did you mean ${meant}?`, edits: [set(at, meant)] }),
  }),
  "access-unneeded": warning(({ path, other }, at) => ({
    message: other === undefined ? `the access rule for ${path} admits everyone, as no rule would` : `the access rule for ${path} admits the same clients as the one for ${other}, so it changes nothing`,
    help: "remove it, or write other networks",
    edits: [remove(at)],
  })),
  "access-opened": warning(({ name, path, rule }) => ({
    message: `on ${name}, ${path} is open to all clients of the rule for ${rule}, because rules for a name come before those for all names`,
    help: `to protect it there too, write a rule for ${path} with names: [${name}]`,
  })),
  "access-other-sites": note(({ name, port }) => ({
    message: `access rules do not apply to ${name}: as long as mailcow's nginx has no site for it on port ${port}, it answers there with all of mailcow's own pages`,
    help: "add the site to mailcow's nginx before you install this output, and keep it there",
  })),
  "access-login": note(({ path }) => ({
    message: `clients that may access SOGo but not ${path} cannot log in to webmail, because SOGo's login leads to /user and then to /`,
    help: "if they need webmail, protect /admin, /domainadmin and /rspamd instead of /",
  })),
  "basic-auth-path": ({ path, needed }) => ({
    message: `a password on ${path} would keep out the clients of ${needed}: they know only mailcow's passwords and would get 401`,
    help: "write other paths, e.g. /rspamd or /admin",
  }),
  "basic-auth-repeated": () => ({
    message: "the name in this entry of users is already in an entry above",
    help: "remove one of the two entries",
  }),
  "container-target": note(({ target }) => ({
    message: `the proxy is a container, and the files of the target ${target} do not reload containers`,
    help: "reload it yourself after each renewal of the certificate: see docs/containers.md",
  })),
  "packages-version": note(({ server, version, packages }) => ({
    message: `without versions.${server}, the output is for ${servers[server].title} ${version}, but the packages of ${packages} are newer`,
    help: `write in versions.${server} the version that the installed ${servers[server].title} prints`,
  })),
  "more": note(({ limit }) => ({
    message: `there are more problems; only the first ${limit} are shown`,
  })),
  "tls-group-left-out": note(({ group, version, since }) => ({
    message: `the profile's group ${group} is left out: it needs OpenSSL ${since}, but this description is for OpenSSL ${version}`,
  })),
  "reload-missing": note(({ asked, targets, needsEmail }, at) => ({
    message: `nothing reloads ${all(asked.map((id) => servers[id].title))} after a renewal of the certificate`,
    help: `write targets: ${flow(targets)}${needsEmail ? ", and in tls: email: you@example.org" : ""}`,
    // Only the administrator knows the address.
    edits: needsEmail ? [] : [set(at, targets)],
  })),
  "verify-names": note(({ server, name }) => ({
    message: `${servers[server].title} checks mailcow's certificate for each name that clients ask for, not only for ${name}`,
    help: "make sure that the certificate has all described names, as acme-mailcow's own does",
  })),
  "upstream-plain": warning(({ address, httpsBind }, at) => ({
    message: `passwords and mail are sent to ${address} unencrypted, over a network that others may read`,
    help: `write scheme: https${httpsBind === undefined ? "" : ` and mailcow.https.bind: ${flow(httpsBind)}`}`,
    edits: [set(beside(at, "scheme"), "https"), ...(httpsBind === undefined ? [] : [set("/mailcow/https/bind", httpsBind)])],
  })),
  "certificate-elsewhere": warning(({ issuer, transfer, targets, missing, needsEmail }) => ({
    message: transfer === "fetch"
      ? "the certificate is on mailcow's host, and the proxy's host needs a copy after each renewal"
      : `the certificate ${issuer === "certbot" ? "of certbot " : ""}is on the proxy's host, and mailcow's host needs a copy after each renewal for its mail services`,
    help: `write targets: ${flow(targets)}${needsEmail ? ", and in tls: email: you@example.org" : ""}; ${missing.length > 1 ? "their scripts copy" : `the scripts of ${missing.join("")} copy`} it over SSH`,
    // Only the administrator knows the address.
    edits: needsEmail ? [] : [set("/targets", targets)],
  })),
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
  "addresses-elsewhere": warning(({ address, upstream }, at) => ({
    message: `the proxy is on mailcow's host, because it reaches mailcow at ${upstream}, but ${address} is another host's address`,
    help: "remove addresses, or, if the proxy is on another host, write where it reaches mailcow in proxy.upstream.address",
    edits: [remove(at)],
  })),
  "mail-passes-by": note(({ elsewhere }) => ({
    message: `the described names lead to ${elsewhere ? "the proxy's host" : "what is in front of the proxy"}, but mail must still reach mailcow: the proxy does not pass SMTP and IMAP`,
    help: "forward the mail ports to mailcow, or list the names that lead to mailcow itself: certificate_names: [\"imap.*\", \"smtp.*\"]",
  })),
  "upstream-unverified": warning(({ address, authorities }, at) => ({
    message: `TLS to ${address} is not verified, so anyone in between can read the traffic`,
    help: `write verify: ${authorities}, or the path of a file with mailcow's own CA`,
    edits: [set(beside(at, "verify"), authorities)],
  })),
};
