/** Removes invalid values from a description, so that the rules can check the rest. */
import { pointerTokens } from "../yaml/locate.ts";
import { serverIds } from "../site/servers.ts";
import type { Problem } from "../problems/problem.ts";

export interface Repaired {
  /** A copy; not yet filled with defaults. */
  readonly data: unknown;
  /** Pointers of removed or replaced values, which no rule may read. */
  readonly missing: readonly string[];
}

/** Replaces an invalid hostname, because a site needs one. */
const placeholder = "mail.example.org";

/** The same for list entries, by the list's key. */
const standIns: Readonly<Record<string, string>> = {
  mail_domains: "example.org",
  additional_server_names: placeholder,
  certificate_names: placeholder,
  listen: "192.0.2.1",
  addresses: "192.0.2.1",
  trusted_proxies: "192.0.2.1",
  targets: serverIds[0] ?? "",
};

export function repair(data: unknown, problems: readonly Problem[]): Repaired {
  const copy: unknown = structuredClone(data);
  const missing = problems.flatMap(({ code, place }): string[] => {
    if (!("pointer" in place)) return [];
    const tokens = pointerTokens(place.pointer);
    // A missing hostname is replaced below.
    if (code === "missing-key" && tokens.length === 0) return [];
    const index = tokens.findIndex((token) => /^\d+$/.test(token));
    // To keep the indices of a list, replace an invalid entry; remove a list of mappings as a whole.
    const replaced = index === tokens.length - 1 && standIns[tokens.at(-2) ?? ""] !== undefined;
    return [`/${(index === -1 || replaced ? tokens : tokens.slice(0, index)).join("/")}`];
  });
  for (const pointer of missing) leaveOut(copy, pointerTokens(pointer));
  missing.push(...problems.flatMap(meantPlaces));
  if (isRecord(copy) && copy["hostname"] === undefined) {
    copy["hostname"] = placeholder;
    missing.push("/hostname");
  }
  return { data: copy, missing };
}

/** Where a misspelt or misplaced key was meant to be: it is not missing there. */
function meantPlaces({ code, arguments: facts, place }: Problem): string[] {
  if (code !== "unknown-key" || facts.suggestion === undefined || facts.suggestion.given || !("pointer" in place)) return [];
  const { suggestion } = facts;
  if (suggestion.kind === "elsewhere") return suggestion.mappings.map((mapping) => `${mapping}/${facts.key}`);
  return [`${place.pointer.slice(0, place.pointer.lastIndexOf("/"))}/${suggestion.key}`];
}

/** Whether one pointer is the other or inside it. */
export function related(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}/`) || right.startsWith(`${left}/`);
}

function leaveOut(data: unknown, tokens: readonly string[]): void {
  let parent: unknown = data;
  for (const token of tokens.slice(0, -1)) parent = isRecord(parent) ? parent[token] : undefined;
  const last = tokens.at(-1);
  if (last === undefined) return;
  if (Array.isArray(parent)) parent[Number(last)] = standIns[tokens.at(-2) ?? ""];
  else if (isRecord(parent)) delete parent[last];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
