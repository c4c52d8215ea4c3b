/** Sentences on the names that keys make together. */
import { remove, set } from "../edit.ts";
import type { NameProblems } from "../problem.ts";
import { type Writers, warning } from "../writers.ts";

export const nameMessages: Writers<keyof NameProblems> = {
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
};
