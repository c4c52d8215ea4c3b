/**
 * Access rules as one geo block and up to four maps, whatever their number: with separate variables for each rule, nginx would
 * warn about its variables_hash from about ten rules on.
 */
import { bitsOf } from "../../core/network.ts";
import type { Site } from "../../core/site/site.ts";
import { type Admission, type Decision, accessRules } from "../shared/access.ts";
import { alternatives, quoted } from "../shared/spelling.ts";

/** A network and the numbers of the rules that allow it: `-1-3-`. */
interface AdmittedNetwork {
  readonly network: string;
  readonly numbers: string;
}

/** A regular expression for the beginning of a path, without an anchor, and the number of its rule: `-1-`, or nothing for everyone. */
interface RulePath {
  readonly pattern: string;
  readonly number: string;
}

export interface Access {
  readonly networks: readonly AdmittedNetwork[];
  readonly paths: readonly RulePath[];
  readonly numbers: readonly number[];
  /** The numbers of all rules: `-1-2-`. */
  readonly all: string;
  readonly nested: boolean;
  /** Whether the patterns begin with the host name. */
  readonly named: boolean;
}

/** The view of the rules, or null if there are none. */
export function access(site: Site): Access | null {
  const rules = accessRules(site);
  if (rules === null) return null;
  const { admissions, decisions, nested, named } = rules;
  const numbers = admissions.map(({ number }) => number);
  return { networks: admitted(admissions), paths: decisions.flatMap((decision) => rulePaths(decision, named)), numbers, all: listed(numbers), nested, named };
}

/** geo uses the smallest network that contains an address, so each network also gets the numbers of the networks around it. */
function admitted(admissions: readonly Admission[]): AdmittedNetwork[] {
  const rules = admissions.map(({ number, allow }) => ({ number, prefixes: new Set(allow.map(bitsOf)) }));
  const lengths = [...new Set(rules.flatMap(({ prefixes }) => Array.from(prefixes, ({ length }) => length)))];
  return [...new Set(admissions.flatMap(({ allow }) => allow))].map((network) => {
    const bits = bitsOf(network);
    const around = [...new Set(lengths.map((length) => bits.slice(0, length)))];
    return { network, numbers: listed(rules.flatMap(({ number, prefixes }) => (around.some((prefix) => prefixes.has(prefix)) ? [number] : []))) };
  });
}

function listed(numbers: readonly number[]): string {
  return `-${numbers.join("-")}-`;
}

function rulePaths({ path, names, number }: Decision, named: boolean): RulePath[] {
  const hosts = names.length === 0 ? ["\\S+"] : alternatives(names.map(quoted)).map((some) => `(?:${some})`);
  // Doubled slashes, because nginx merges them only if the port's default site does.
  const pattern = quoted(path).replaceAll("/", "/+");
  return (named ? hosts.map((host) => `${host} ${pattern}`) : [pattern]).map((each) => ({ pattern: each, number: number === 0 ? "" : listed([number]) }));
}
