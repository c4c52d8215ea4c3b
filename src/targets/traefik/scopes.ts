/** The sets of names that have routers of their own. */
import { identifier } from "../../core/site/identifier.ts";
import type { Names, Site } from "../../core/site/site.ts";
import { host, hostOfAnyDomain } from "./rules.ts";

/** A name, or names in every domain. */
export interface Scope {
  /** The beginning of the names of its routers and middlewares. */
  readonly key: string;
  readonly rule: string;
  /** The name that mailcow gets, or undefined for names in every domain: Traefik can only pass them on as they come. */
  readonly name: string | undefined;
  /** The lowest priority of its routers: those of names in every domain come after those of names of other sites. */
  readonly priority: number;
}

/** Traefik's own priority of a rule is its length. Those of names in every domain come after other sites, and before what nobody serves. */
const priorities = { names: 100_000, anyDomain: 10 } as const;

/** The beginning of all names that are the site's. */
export function keyOf({ identifier: id }: Pick<Site, "identifier">): string {
  return `mailcow-${id}`;
}

export function scopeOf(name: string): Scope {
  return { key: `mailcow-${identifier(name)}`, rule: host(name), name, priority: priorities.names };
}

/** @param further names of every domain that need routers of their own */
export function scopesOf(site: Site, { exact, prefixes }: Names, kind: string, further: readonly string[] = []): Scope[] {
  const single = [...new Set([...exact, ...further])].map(scopeOf);
  if (prefixes.length === 0) return single;
  return [...single, { key: `${keyOf(site)}-${kind}`, rule: hostOfAnyDomain(prefixes), name: undefined, priority: priorities.anyDomain }];
}
