/** What a server cannot do of the contract. A limit is no check that is left out: it is shown each time that it is still one. */
import { existsSync } from "node:fs";
import { expect } from "vitest";
import type { Check } from "./contract/check.ts";
import { proxyId } from "./world/description.ts";
import type { World } from "./world/world.ts";

export interface Limit {
  /** The row of the contract, and the name of its check: the whole check fails on this server. */
  readonly row: string;
  readonly check: string;
  /** Where it fails; absent: in every variant. */
  readonly when?: (world: Pick<World, "variant" | "site">) => boolean;
  /** What the failure of the check says. */
  readonly says: RegExp;
  /** A sentence of docs/contract.md. */
  readonly reason: string;
}

const file = new URL(`./limits/${proxyId}.ts`, import.meta.url);
const { limits }: { readonly limits: readonly Limit[] } = existsSync(file) ? await import(`./limits/${proxyId}.ts`) : { limits: [] };

/** The limit that a check meets, if there is one. */
function limitOf(row: string, { name }: Pick<Check, "name">, world: Pick<World, "variant" | "site">): Limit | undefined {
  return limits.find((limit) => limit.row === row && limit.check === name && (limit.when?.(world) ?? true));
}

/** The check as a test of a world: what it checks, or that the server still cannot do it. */
export function asTest(row: string, check: Pick<Check, "name">, about: Pick<World, "variant" | "site">, outcome: () => Promise<void>): readonly [name: string, run: () => Promise<void>] {
  const limit = limitOf(row, check, about);
  return limit === undefined ? [check.name, outcome] : [`limit: ${check.name}`, () => isStill(limit, outcome())];
}

/** Passes as long as the check fails in the known way. A server that can do more is noticed. */
async function isStill({ says, reason }: Limit, result: Promise<void>): Promise<void> {
  const failure = await result.then(() => "passed", (error: unknown) => (error instanceof Error ? error.message : String(error)));
  expect(failure, `is this still a limit? ${reason}`).toMatch(says);
}
