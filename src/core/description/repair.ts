/** A description with its misshapen values left out, so that the rules can still look at the rest. */
import { pointerTokens } from "../yaml/locate.ts";
import { serverIds } from "../site/servers.ts";
import type { Problem } from "../problems/problem.ts";

export interface Repaired {
  /** A copy; not yet filled with defaults. */
  readonly data: unknown;
  /** Pointers of what was left out or stands in for something: no rule may read it. */
  readonly missing: readonly string[];
}

/** Stands in for a hostname that is none: without one there is no site to look at. */
const placeholder = "mail.example.org";

/** The same for an entry of a list, by the list's key. */
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
    // Without its hostname a description gets a placeholder below.
    if (code === "missing-key" && tokens.length === 0) return [];
    const index = tokens.findIndex((token) => /^\d+$/.test(token));
    // A list keeps its indices: an entry that is one value is replaced, a list of mappings is left out as a whole.
    const replaced = index === tokens.length - 1 && standIns[tokens.at(-2) ?? ""] !== undefined;
    return [`/${(index === -1 || replaced ? tokens : tokens.slice(0, index)).join("/")}`];
  });
  for (const pointer of missing) leaveOut(copy, pointerTokens(pointer));
  if (isRecord(copy) && copy["hostname"] === undefined) {
    copy["hostname"] = placeholder;
    missing.push("/hostname");
  }
  return { data: copy, missing };
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
