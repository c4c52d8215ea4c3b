/** Removes invalid values from a description, so that the rules can check the rest. */
import { pointerTo, pointerTokens } from "../yaml/locate.ts";
import { serverIds } from "../site/servers.ts";
import type { Problem } from "../problems/problem.ts";
import { meantPlaces } from "./meant-places.ts";

export interface Repaired {
  /** A copy; not yet filled with defaults. */
  readonly data: unknown;
  /** Pointers of removed or replaced values, which no rule may read. */
  readonly missing: readonly string[];
}

/** Replaces an invalid hostname, because a site needs one. */
const placeholder = "mail.example.org";

/** The same for list entries, by the list's key. No other name is below these, or above them. */
const standIns: Readonly<Record<string, string>> = {
  mail_domains: "left-out.invalid",
  additional_server_names: "host.left-out.invalid",
  certificate_names: "host.left-out.invalid",
  listen: "192.0.2.1",
  addresses: "192.0.2.1",
  trusted_proxies: "192.0.2.1",
  targets: serverIds[0] ?? "",
};

export function repair(data: unknown, problems: readonly Problem[]): Repaired {
  // Without YAML's aliases, or what is done in one place would be done in all.
  const copy: unknown = data === undefined ? undefined : JSON.parse(JSON.stringify(data));
  const missing = problems.flatMap(({ code, place }): string[] => {
    if (!("pointer" in place)) return [];
    const tokens = pointerTokens(place.pointer);
    // A missing hostname is replaced below.
    if (code === "missing-key" && tokens.length === 0) return [];
    const index = tokens.findIndex((_token, depth) => Array.isArray(valueAt(data, tokens.slice(0, depth))));
    // To keep the indices of a list, replace an invalid entry; remove a list of mappings as a whole.
    const replaced = index === tokens.length - 1 && standIns[tokens.at(-2) ?? ""] !== undefined;
    return [(index === -1 || replaced ? tokens : tokens.slice(0, index)).reduce(pointerTo, "")];
  });
  for (const pointer of missing) leaveOut(copy, pointerTokens(pointer));
  missing.push(...problems.flatMap(meantPlaces));
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

function valueAt(data: unknown, tokens: readonly string[]): unknown {
  return tokens.reduce((value, token) => {
    if (isRecord(value)) return value[token];
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    return list[Number(token)];
  }, data);
}

function leaveOut(data: unknown, tokens: readonly string[]): void {
  const parent = valueAt(data, tokens.slice(0, -1));
  const last = tokens.at(-1);
  if (last === undefined) return;
  if (Array.isArray(parent)) parent[Number(last)] = standIns[tokens.at(-2) ?? ""];
  else if (isRecord(parent)) delete parent[last];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
