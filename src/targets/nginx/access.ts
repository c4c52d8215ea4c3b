/**
 * Access rules as one geo block and two maps, whatever their number: with separate variables for each rule, nginx would warn
 * about its variables_hash from about ten rules on.
 */
import { parseNetwork, toCidr } from "../../core/network.ts";
import type { AccessRule, Site } from "../../core/site/site.ts";
import { quoted } from "../shared/spelling.ts";

/** A network and the numbers of the rules that allow it: `-1-3-`. */
interface AdmittedNetwork {
  readonly network: string;
  readonly numbers: string;
}

/** A rule's number and its path prefix, as a regular expression without an anchor. */
interface RulePath {
  readonly number: number;
  readonly pattern: string;
}

export interface Access {
  readonly networks: readonly AdmittedNetwork[];
  readonly paths: readonly RulePath[];
}

/** The view of the rules, or null if there are none. */
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

/** geo uses the smallest network that contains an address, so each network also gets the numbers of the networks around it. */
function admitted(allowed: readonly ReadonlySet<string>[]): AdmittedNetwork[] {
  const networks = [...new Set(allowed.flatMap((networksOfRule) => [...networksOfRule]))];
  const lengths = [...new Set(networks.map((network) => Number(network.split("/")[1])))];
  return networks.map((network) => {
    const around = new Set(lengths.map((length) => widened(network, length)));
    const numbers = allowed.flatMap((rule, index) => ([...around].some((wider) => rule.has(wider)) ? [index + 1] : []));
    return { network, numbers: `-${numbers.join("-")}-` };
  });
}

/** The network with this prefix length that contains `network`, or `network` itself if it is wider. */
function widened(network: string, length: number): string {
  const [base, own] = network.split("/");
  const wider = length < Number(own) ? parseNetwork(`${base}/${length}`) : undefined;
  return wider === undefined ? network : toCidr(wider);
}

/** Allows doubled slashes, because nginx merges them only if the port's default site does. */
function pattern(path: string): string {
  return quoted(path).replaceAll("/", "/+");
}
