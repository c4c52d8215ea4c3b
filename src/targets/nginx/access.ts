/**
 * Access rules as one geo block and two maps, whatever their number: variables of their own for each rule would make
 * nginx warn of its variables_hash from some ten rules on.
 */
import { parseNetwork, toCidr } from "../../core/network.ts";
import type { AccessRule, Site } from "../../core/site/site.ts";
import { quoted } from "../shared/spelling.ts";

/** A network and the numbers of the rules that admit it: `-1-3-`. */
interface AdmittedNetwork {
  readonly network: string;
  readonly numbers: string;
}

/** A rule's number and the beginning of its paths, as a regular expression without an anchor. */
interface RulePath {
  readonly number: number;
  readonly pattern: string;
}

export interface Access {
  readonly networks: readonly AdmittedNetwork[];
  readonly paths: readonly RulePath[];
}

/** The rules in nginx's words, or null without any. */
export function access({ access: rules }: Site): Access | null {
  if (rules.length === 0) return null;
  // Rules with the same networks share a number.
  const allowed = new Map<string, ReadonlySet<string>>();
  for (const rule of rules) allowed.set(key(rule), new Set(rule.allow));
  const keys = [...allowed.keys()];
  const paths = rules.map((rule) => ({ number: keys.indexOf(key(rule)) + 1, pattern: pattern(rule.path) }));
  return { networks: admitted([...allowed.values()]), paths };
}

function key({ allow }: AccessRule): string {
  return allow.toSorted().join(" ");
}

/** geo takes the smallest network an address is in, so each one also carries the numbers of those around it. */
function admitted(allowed: readonly ReadonlySet<string>[]): AdmittedNetwork[] {
  const networks = [...new Set(allowed.flatMap((networksOfRule) => [...networksOfRule]))];
  const lengths = [...new Set(networks.map((network) => Number(network.split("/")[1])))];
  return networks.map((network) => {
    const around = new Set(lengths.map((length) => widened(network, length)));
    const numbers = allowed.flatMap((rule, index) => ([...around].some((wider) => rule.has(wider)) ? [index + 1] : []));
    return { network, numbers: `-${numbers.join("-")}-` };
  });
}

/** The network of this prefix length that `network` lies in; `network` itself when it is the wider one. */
function widened(network: string, length: number): string {
  const [base, own] = network.split("/");
  const wider = length < Number(own) ? parseNetwork(`${base}/${length}`) : undefined;
  return wider === undefined ? network : toCidr(wider);
}

/** nginx merges slashes only where the port's default site does. */
function pattern(path: string): string {
  return quoted(path).replaceAll("/", "/+");
}
