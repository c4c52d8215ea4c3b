/** Names made from a mail domain must not be too long. */
import { maxNameLength, toHostName } from "../core/host-name.ts";
import { toNameEntry } from "../core/description/name-entry.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";

export const derivedNames: Rule = {
  // Each mail domain is checked by itself, after the longest label.
  reads: [],
  check({ description: { mail_domains: mailDomains = [], discovery, additional_server_names: additional, certificate_names: certificate } }) {
    const labels = [...additional, ...certificate].map(toNameEntry).flatMap((entry) => ("label" in entry ? [entry.label] : []));
    const longest = [...discovery, ...labels].reduce((left, right) => (right.length > left.length ? right : left), "");
    if (longest === "") return [];
    return mailDomains.flatMap((domain, index): Problem[] => {
      const result = toHostName(`${longest}.${domain}`);
      if (!("fault" in result) || result.fault.kind !== "too-long") return [];
      const place = { pointer: `/mail_domains/${index}`, on: "value" } as const;
      return [{ code: "derived-name-too-long", arguments: { label: longest, limit: maxNameLength - longest.length - 1 }, place }];
    });
  },
};
