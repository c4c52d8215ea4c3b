/** A row of the contract: what has to hold in a world. */
import type { ServerId } from "../../../src/core/site/servers.ts";
import { proxyId } from "../world/description.ts";
import type { World } from "../world/world.ts";

export interface Check {
  readonly name: string;
  /** Whether the variant has what the check is about; absent: every variant has. */
  readonly when?: (world: Pick<World, "variant" | "site">) => boolean;
  /** Started with the world, beside the other checks; the test waits for its end. */
  readonly background?: true;
  /** Time limit in milliseconds, when it is not the usual one. */
  readonly limit?: number;
  run(world: World): Promise<void>;
}

/** The names of the variant that mailcow answers for. */
export function describedNames({ site, variant }: Pick<World, "site" | "variant">): readonly string[] {
  return [site.publicName, ...variant.otherNames];
}

/** Whether dot segments are refused, because they could lead anywhere. */
export function hasAccessRules({ variant }: Pick<World, "variant">): boolean {
  return variant.access;
}

/** Whether Apache counts the path as one with a dot segment, which is for nested rules with names: see docs/contract.md. */
export function countsAsDots({ site }: Pick<World, "site">, target: string): boolean {
  return proxyId === "apache" && /^[^?]*%252f/i.test(target) && site.access.some(({ names }) => names.length > 0);
}

/** Whether clients use TLS with the proxy itself. */
export function endsTls({ site }: Pick<World, "site">): boolean {
  return !site.proxy.tlsBefore;
}

/** The entries that differ, as [key, found, wanted]: what a long list's comparison is about. */
export function differences(found: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): unknown[] {
  const keys = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...keys].filter((key) => JSON.stringify(found[key]) !== JSON.stringify(wanted[key])).map((key) => [key, found[key], wanted[key]]);
}

/** Of a table of what each server makes of something, the value for the one under test. */
export function ofServer<T>(values: Readonly<Partial<Record<ServerId, T>>>): T | undefined {
  if (!(proxyId in values)) throw new Error(`write into the table what ${proxyId} makes of it: ${JSON.stringify(values)}`);
  return values[proxyId];
}
