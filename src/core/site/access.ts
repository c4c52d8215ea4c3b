/** Which access rule decides about a request. */
import { allNetworks, bitsOf } from "../network.ts";
import type { AccessRule } from "./site.ts";

/** The rules in the order in which they are tried: those for single names first, then those with longer paths. The first that fits decides. */
export function inOrder(rules: readonly AccessRule[]): AccessRule[] {
  return rules.toSorted((left, right) => Number(right.names.length > 0) - Number(left.names.length > 0) || right.path.length - left.path.length);
}

/** A path as it is compared: exactly, or ignoring case. A request must be admitted both ways. */
type Spelling = (path: string) => string;

const exactly: Spelling = (path) => path;
const ignoringCase: Spelling = (path) => path.toLowerCase();
export const spellings: readonly Spelling[] = [exactly, ignoringCase];

/**
 * The rule that decides, or undefined if none fits; then everyone is admitted.
 *
 * @param ordered the rules in the order of `inOrder`
 * @param name the name that the client asks for, or undefined for a name without rules of its own
 */
export function deciding(ordered: readonly AccessRule[], name: string | undefined, path: string, spelling: Spelling = exactly): AccessRule | undefined {
  const asked = spelling(path);
  return ordered.find((rule) => holdsOn(rule, name) && asked.startsWith(spelling(rule.path)));
}

function holdsOn({ names }: AccessRule, name: string | undefined): boolean {
  return names.length === 0 || (name !== undefined && names.includes(name));
}

/** Whether one rule's path is, ignoring case, the beginning of another's. Only then it matters which rule decides. */
export function areNested(rules: readonly AccessRule[]): boolean {
  // Sorted, a path is followed by those that begin with it.
  const paths = rules.map(({ path }) => ignoringCase(path)).toSorted();
  return paths.some((path, index) => paths[index + 1]?.startsWith(path));
}

/** The networks that a rule admits; without a rule, all of them. */
export function admittedBy(rule: AccessRule | undefined): readonly string[] {
  return rule?.allow ?? allNetworks;
}

/** Whether every network is in one of the others. CIDR notation; two halves do not count as their whole. */
export function contains(outer: readonly string[], networks: readonly string[]): boolean {
  const wide = prefixesOf(outer);
  return [...prefixesOf(networks)].every((prefix) => wide.has(prefix) || Array.from(prefix, (_, index) => prefix.slice(0, index)).some((wider) => wide.has(wider)));
}

/** A description may compare a long list with many others. */
const known = new WeakMap<readonly string[], ReadonlySet<string>>();

function prefixesOf(networks: readonly string[]): ReadonlySet<string> {
  const prefixes = known.get(networks) ?? new Set(networks.map(bitsOf));
  known.set(networks, prefixes);
  return prefixes;
}

/** Whether the networks are the addresses of both families. */
export function isEveryone(networks: readonly string[]): boolean {
  return contains(networks, allNetworks);
}
