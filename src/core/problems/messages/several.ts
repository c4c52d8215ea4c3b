/** Sentences on descriptions that conflict with each other. `file` is the other description. */
import type { SeveralProblems } from "../problem.ts";
import type { Writers } from "../writers.ts";

export const severalMessages: Writers<keyof SeveralProblems> = {
  "hostname-taken": ({ hostname, file }) => ({
    message: `${hostname} is already described in ${file}`,
    help: "keep one description per hostname",
  }),
  "shared-listen": ({ file }) => ({
    message: `the addresses and ports overlap with those of ${file} without being the same; a server can tell hosts apart only on the same sockets`,
    help: "use the same listen, http_port and https_port in both, or addresses or ports that do not overlap",
  }),
  "shared-differs": ({ key, value, other, file }) => ({
    message: `${key} is ${value} here but ${other} in ${file}, and a server can have only one value`,
    help: `use the same ${key} in both`,
  }),
  "shared-entry-point": ({ name, address, other, file }) => ({
    message: `the entry point ${name} listens on ${address} here but on ${other} in ${file}`,
    help: "use the same addresses and ports in both, or write other names in proxy.entry_points",
  }),
  "shared-mail": ({ address, port, file }) => ({
    message: `${file} also passes mail on from ${address} port ${port}, but nothing in a connection names the host before STARTTLS`,
    help: "write different addresses in mail.listen of the two",
  }),
  "shared-upstream": ({ address, port, file }) => ({
    message: `${file} also reaches its mailcow at ${address} port ${port}, but one mailcow has only one hostname`,
    help: "use different ports in mailcow, or a different proxy.upstream.address",
  }),
  "shared-directory": ({ directory, file }) => ({
    message: `${file} also has its mailcow, and so its certificate, in ${directory}`,
    help: "use a different mailcow.directory for each, or another tls.issuer for one of them",
  }),
  "shared-name": ({ name, file, prefix }) => ({
    message: `${name} is also a name of ${file}, but it can lead to only one mailcow`,
    help: prefix === undefined ? "remove it from one of the two" : `write mail_domains in ${file}: without it, that description serves ${prefix}. of every domain`,
  }),
  "shared-wildcard": ({ prefix, file }) => ({
    message: `without mail_domains, this description serves ${prefix}. of every domain, including those in ${file}`,
    help: "write mail_domains: [example.org]",
  }),
};
