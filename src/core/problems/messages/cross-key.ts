/** Sentences on keys that do not fit each other. */
import { protocolSenders, servers } from "../../site/servers.ts";
import type { CrossKeyProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";

export const crossKeyMessages: Writers<keyof CrossKeyProblems> = {
  "port-reserved": ({ port, use, suggestion }) => ({
    message: `port ${port} is reserved inside mailcow's nginx: ${use}`,
    help: `write another one: ${suggestion}`,
  }),
  "port-published": ({ port, service, suggestion }) => ({
    message: `mailcow publishes ${service} on port ${port} already`,
    help: `write another one: ${suggestion}`,
  }),
  "ports-equal": ({ port, other }) => ({
    message: `${port} is ${other} as well, and one port cannot be both`,
    help: "write two different ports",
  }),
  "listen-conflict": ({ address, port, suggestion }) => ({
    message: `the proxy and mailcow would both listen on ${address} port ${port}`,
    help: `write ${suggestion}, or name mailcow's address in proxy.upstream.address if it is another host`,
  }),
  "bind-unreachable": ({ address, bind, key }) => ({
    message: `the proxy is to reach mailcow at ${address}, and mailcow listens on ${bind} alone`,
    help: `write the address mailcow has on that network: ${key}: ${address}`,
  }),
  "too-many-names": ({ count, limit }) => ({
    message: `the mail domains and names come to ${count} host names, and ${limit} is the most`,
    help: "use fewer labels such as imap.* in additional_server_names and certificate_names",
  }),
  "certificate-name-covered": ({ name, wildcard }) => ({
    message: `the certificate has ${name} already, by ${wildcard}, and Let's Encrypt refuses an order of both`,
    help: `leave ${name} out of certificate_names`,
  }),
  "derived-name-too-long": ({ label, limit }) => ({
    message: `a mail domain has at most ${limit} characters, so that ${label}. fits before it`,
  }),
  "certificate-missing": ({ key }) => ({
    message: `with issuer files, tls.${key} has to say which file`,
    help: `write ${key}: /etc/ssl/mail.example.org/${key === "key" ? "privkey" : "fullchain"}.pem`,
  }),
  "certificate-unused": ({ key, issuer }) => ({
    message: `${key} has no effect with issuer ${issuer}, which has its own files`,
    help: `write issuer: files, or leave ${key} out`,
  }),
  "issuer-unused": ({ key, issuer, wanted }) => ({
    message: `${key} has no effect with issuer ${issuer}, it is for issuer ${wanted}`,
    help: `write issuer: ${wanted}, or leave ${key} out`,
  }),
  "certbot-names": warning(({ count, limit }) => ({
    message: `Let's Encrypt puts ${limit} names into a certificate at most, and these are ${count}`,
    help: "write issuer: mailcow and sni: true, which makes a certificate for each domain",
  })),
  "email-missing": () => ({
    message: "certbot asks for an e-mail address for its account",
    help: "write tls.email: you@example.org",
  }),
  "target-issuer": ({ target, issuer, wanted }) => ({
    message: `the target ${target} is for certificates of issuer ${wanted}, and tls.issuer is ${issuer}`,
    help: `write issuer: ${wanted} in tls, or leave the target out`,
  }),
  "hsts-preload": () => ({
    message: "browsers' preload list only takes names with include_subdomains and a max_age of at least a year",
    help: "write max_age: 63072000 and include_subdomains: true, or leave preload out",
  }),
  "tls-group-unknown": ({ group, version, since }) => ({
    message: `${group} needs OpenSSL ${since}, and this is for ${version}; a server does not start with a group it does not know`,
    help: `leave it out, or name a platform that has it: debian-13, or versions: { openssl: "${since}" }`,
  }),
  "sni-wildcard": () => ({
    message: "with sni each mail domain has a certificate of its own, and without mail_domains there are none",
    help: "write tls: { sni: true } and mail_domains: [example.org]",
  }),
  "sni-repeats": ({ domains, networks, count, limit }) => ({
    message: `with sni the virtual hosts of ${domains} mail domains would repeat ${networks} networks each: ${count} lines, and ${limit} is the most`,
    help: "join networks in trusted_proxies and access, or leave sni out",
  }),
  "certbot-wildcard": ({ name }) =>
    name === undefined
      ? {
          message: "certbot needs the names of the certificate, and without mail_domains they are wildcards",
          help: "write mail_domains: [example.org], or [] for the hostname alone",
        }
      : {
          message: `certbot proves names by files on the web server, and no file proves the wildcard ${name}`,
          help: "list the single names in certificate_names, or write issuer: files for a certificate that you get by DNS",
        },
  "proxy-protocol-send": ({ target }) => ({
    message: `${target} cannot speak PROXY protocol to mailcow, only ${protocolSenders.join(", ")} can`,
    help: `write send: false, or targets: [${[...protocolSenders, "mailcow-conf"].join(", ")}]`,
  }),
  "proxy-protocol-nobody": () => ({
    message: "PROXY protocol is accepted, and proxy.trusted_proxies names nobody who may speak it",
    help: "write the load balancer's address: trusted_proxies: [198.51.100.7]",
  }),
  "trusts-everyone": ({ network, key }) => ({
    message: `${network} takes in clients, and each of them could choose the address mailcow sees`,
    help: `write the proxy's own network in ${key}`,
  }),
  "verify-unused": () => ({
    message: "verify has no effect while proxy.upstream.scheme is http",
    help: "write scheme: https, or leave verify out",
  }),
  "version-too-old": ({ server, version, oldest }) => ({
    message: `${server} ${version} is older than ${oldest}, the oldest this is written for`,
  }),
  "hostname-taken": ({ hostname, file }) => ({
    message: `${hostname} is described in ${file} as well`,
    help: "keep one description a hostname",
  }),
  "shared-listen": ({ file }) => ({
    message: `it listens on a part of what ${file} listens on, and a server tells hosts apart only on the same sockets`,
    help: "write the same listen, http_port and https_port there and here, or addresses or ports that they do not share",
  }),
  "shared-differs": ({ key, value, other, file }) => ({
    message: `${key} is ${value}, and in ${file} ${other}; a server has it once`,
    help: `write the same ${key} in both`,
  }),
  "shared-upstream": ({ address, port, file }) => ({
    message: `${file} has its mailcow at ${address} port ${port} as well, and one mailcow has one hostname`,
    help: "write where each mailcow is: other ports in mailcow, or proxy.upstream.address",
  }),
  "shared-directory": ({ directory, file }) => ({
    message: `${file} has its mailcow, and so its certificate, in ${directory} as well`,
    help: "write where each of them is: mailcow.directory, or give one another tls.issuer",
  }),
  "shared-name": ({ name, file, wildcard }) => ({
    message: `${name} is a name of ${file} as well, and it can lead to one mailcow alone`,
    help: wildcard ? `write mail_domains in ${file}: without them it answers on every domain's autodiscover.` : "leave it out of one of them",
  }),
  "shared-wildcard": ({ file }) => ({
    message: `without mail_domains it answers on autodiscover. of every domain, of those in ${file} too`,
    help: "write mail_domains: [example.org]",
  }),
  "bind-public": warning(({ bind, key }) => ({
    message: `${key} ${bind === "" ? '"" (every address)' : bind} can be reached from outside, so clients can bypass the proxy`,
    help: "write bind: 127.0.0.1, or close the port to everyone but the proxy",
  })),
  "bind-ipv6": warning(({ bind }) => ({
    message: `Docker publishes mailcow on ${bind} only with a compose override, and may hide IPv6 clients`,
    help: "write bind: 127.0.0.1; the proxy serves IPv6 clients all the same",
  })),
  "addresses-missing": warning(({ address }) => ({
    message: `mailcow at ${address} may not trust the proxy, and would log and ban it in place of clients`,
    help: "write the address mailcow sees the proxy come from: proxy.addresses: [203.0.113.7]",
  })),
  "more": note(({ limit }) => ({
    message: `there is more; these are the first ${limit} problems`,
  })),
  "tls-group-left-out": note(({ group, version, since }) => ({
    message: `the profile's group ${group} is left out: it needs OpenSSL ${since}, and this is for ${version}`,
  })),
  "verify-names": note(({ server, hostname }) => ({
    message: `${servers[server].title} checks mailcow's certificate for each name that clients ask for, not for ${hostname} alone`,
    help: "see that the certificate has all described names, as acme-mailcow's own has",
  })),
  "upstream-plain": warning(({ address }) => ({
    message: `passwords and mail go to ${address} in plain text, over a network that others may read`,
    help: "write scheme: https",
  })),
  "certificate-elsewhere": warning(({ certificate, issuer }) =>
    issuer === "mailcow"
      ? {
          message: `${certificate} is kept on mailcow's host, and the proxy is on another`,
          help: "copy it and its key there after each renewal, or write another tls.issuer",
        }
      : {
          message: `${certificate} is on certbot's host alone, and both the proxy's and mailcow's need it`,
          help: "run certbot on mailcow's host, and copy certificate and key to the proxy's after each renewal",
        }),
  "upstream-unverified": warning(({ address }) => ({
    message: `TLS to ${address} is not verified, so whoever is in between can read along`,
    help: "write verify: /etc/ssl/certs/ca-certificates.crt, or the file of mailcow's own CA",
  })),
};
