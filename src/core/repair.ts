/** A description with its misshapen values left out, so that the rules can still look at the rest. */
import { pointerTokens } from "./locate.ts";
import type { Problem } from "./problem.ts";

export interface Repaired {
  /** A copy; not yet filled with defaults. */
  readonly data: unknown;
  /** Pointers of what was left out or stands in for something: no rule may read it. */
  readonly missing: readonly string[];
}

/** Stands in for a hostname that is none: without one there is no site to look at. */
const placeholder = "mail.example.org";

export function repair(data: unknown, problems: readonly Problem[]): Repaired {
  const copy: unknown = structuredClone(data);
  const missing = problems.flatMap(({ code, arguments: facts, place }): string[] => {
    if (!("pointer" in place)) return [];
    const tokens = pointerTokens(place.pointer);
    if (code === "missing-key" && tokens.length === 0) return [`/${facts.key}`];
    // A list keeps its indices only as a whole.
    const index = tokens.findIndex((token) => /^\d+$/.test(token));
    return [`/${(index === -1 ? tokens : tokens.slice(0, index)).join("/")}`];
  });
  for (const pointer of missing) remove(copy, pointerTokens(pointer));
  if (missing.includes("/hostname") && isRecord(copy)) copy["hostname"] = placeholder;
  return { data: copy, missing };
}

/** Whether one pointer is the other or inside it. */
export function related(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}/`) || right.startsWith(`${left}/`);
}

function remove(data: unknown, tokens: readonly string[]): void {
  let parent: unknown = data;
  for (const token of tokens.slice(0, -1)) parent = isRecord(parent) ? parent[token] : undefined;
  const last = tokens.at(-1);
  if (isRecord(parent) && last !== undefined) delete parent[last];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
