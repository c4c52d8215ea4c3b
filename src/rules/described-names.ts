/** Which key or entry of a description makes the proxy answer on which names. */
import { toHostName } from "../core/host-name.ts";
import { discoveryNames } from "../core/resolve.ts";
import type { Checked } from "./rule.ts";

export interface DescribedNames {
  readonly key: "mail_domains" | "additional_server_names";
  readonly pointer: string;
  /** In lower case, as A-labels. */
  readonly names: readonly string[];
}

/** The entries of both lists; the hostname is apart. */
export function describedNames({ mail_domains: mailDomains = [], additional_server_names: additional }: Checked["description"]): DescribedNames[] {
  return [
    ...mailDomains.map((domain, index) => ({ key: "mail_domains", pointer: `/mail_domains/${index}`, names: discoveryNames(canonical(domain)) }) as const),
    ...additional.map((name, index) => ({ key: "additional_server_names", pointer: `/additional_server_names/${index}`, names: [canonical(name)] }) as const),
  ];
}

function canonical(text: string): string {
  const result = toHostName(text);
  return "fault" in result ? text : result.name;
}
