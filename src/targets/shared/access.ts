/** The access rules as every server needs them. */
import { admittedBy, areNested, contains, deciding, inOrder, isEveryone, spellings } from "../../core/site/access.ts";
import type { Site } from "../../core/site/site.ts";

/** Networks with a number. Rules with the same networks share it. */
export interface Admission {
  /** From 1. */
  readonly number: number;
  readonly allow: readonly string[];
  /** The paths that it is for, for a comment; empty if there are more than three. */
  readonly paths: string;
}

/** A path, and the number of the networks that may access it; 0 for everyone. */
export interface Decision {
  readonly path: string;
  readonly names: readonly string[];
  readonly number: number;
}

export interface AccessRules {
  readonly admissions: readonly Admission[];
  /** Of those that fit, the first one decides. */
  readonly decisions: readonly Decision[];
  /** Whether the case of a path can change which rule decides, so that servers must look twice. */
  readonly nested: boolean;
  /** Whether a rule admits clients that a less specific one does not. */
  readonly opens: boolean;
  /** Whether there are rules for single names. */
  readonly named: boolean;
}

/** The rules, or null if they admit everyone. */
export function accessRules({ access: rules }: Pick<Site, "access">): AccessRules | null {
  const lists = new Map<string, { readonly allow: readonly string[]; readonly paths: string[] }>();
  const ordered = inOrder(rules);
  const keys = new Map(rules.map((rule) => [rule, isEveryone(rule.allow) ? "" : rule.allow.toSorted().join(" ")]));
  for (const [rule, key] of keys) {
    const list = lists.get(key) ?? { allow: rule.allow, paths: [] };
    list.paths.push(rule.path);
    if (key !== "") lists.set(key, list);
  }
  if (lists.size === 0) return null;
  const numbers = new Map([...lists.keys()].map((key, index) => [key, index + 1]));
  const nested = areNested(rules);
  const named = rules.some(({ names }) => names.length > 0);
  return {
    admissions: [...lists.values()].map(({ allow, paths }, index) => ({ number: index + 1, allow, paths: few(paths) })),
    decisions: ordered.map((rule) => ({ path: rule.path, names: rule.names, number: numbers.get(keys.get(rule) ?? "") ?? 0 })),
    nested,
    // A rule for a name may be less specific than those that it replaces.
    opens: nested && (named || ordered.some((rule, index) => spellings.some((spelling) => !contains(admittedBy(deciding(ordered.slice(index + 1), undefined, rule.path, spelling)), rule.allow)))),
    named,
  };
}

function few(paths: readonly string[]): string {
  const different = [...new Set(paths)];
  return different.length > 3 ? "" : different.join(", ");
}
