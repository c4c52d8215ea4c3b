/** Checks a hostname that the proxy does not serve. */
import type { Problem } from "../core/problems/problem.ts";
import { describedNames } from "./described-names.ts";
import type { Rule } from "./rule.ts";

/** Then people open the web interface under another name, and a label such as `webmail.*` alone is none. */
export const otherNameMissing: Rule = {
  reads: ["/serve_hostname", "/hostname", "/additional_server_names"],
  check({ site, description }) {
    if (description.serve_hostname || site.publicName !== site.hostname) return [];
    const label = site.additionalServerNames.find((text) => text.endsWith(".*"));
    return [{ code: "public-name-missing", arguments: { label }, place: { pointer: "/serve_hostname", on: "value" } }];
  },
};

/** An entry that stands for the hostname would serve it. */
export const hostnameServed: Rule = {
  reads: ["/serve_hostname", "/hostname", "/additional_server_names", "/mail_domains", "/discovery"],
  check({ site: { hostname, discovery, names }, description }) {
    if (description.serve_hostname) return [];
    const entries = describedNames(description).filter(({ pointer }) => !pointer.startsWith("/certificate_names/") && !pointer.startsWith("/other_sites/"));
    const stand = ({ names, everyDomain }: (typeof entries)[number]) => names.includes(hostname) || (everyDomain !== undefined && hostname.startsWith(everyDomain.slice(0, -1)));
    const pointers = entries.filter(stand).map(({ pointer }) => pointer);
    // Without mail_domains, no entry stands for the names of discovery.
    const ofAnyDomain = names.prefixes.some((prefix) => discovery.some((label) => label === prefix) && hostname.startsWith(`${prefix}.`));
    return [...pointers, ...(ofAnyDomain && pointers.length === 0 ? ["/serve_hostname"] : [])].map((pointer): Problem => ({ code: "hostname-served", arguments: { hostname }, place: { pointer, on: "value" } }));
  },
};
