/** Compares the data of compose files with what targets want in them. */
import type { ComposeValue } from "../merged/values.ts";
import { isSamePort } from "./ports.ts";
import { isMapping } from "./write.ts";

type Data = Readonly<Record<string, unknown>>;

export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A scalar as compose reads it where it wants text. */
export function scalarText(value: unknown): string {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
}

/** Whether a value in the file says what is wanted, perhaps among other things. */
export function covers(found: unknown, wanted: ComposeValue): boolean {
  if (typeof wanted === "string") return !isData(found) && !Array.isArray(found) && (scalarText(found) === wanted || isSamePort(scalarText(found), wanted));
  if (!isMapping(wanted)) return Array.isArray(found) ? wanted.every((one) => found.some((entry: unknown) => covers(entry, one))) : isData(found) && wanted.every((one) => Object.hasOwn(found, one));
  if (Array.isArray(found)) return Object.entries(wanted).every(([key, value]) => typeof value === "string" && found.includes(`${key}=${value}`));
  return isData(found) && Object.entries(wanted).every(([key, value]) => Object.hasOwn(found, key) && covers(found[key], value));
}

/** Paths in a file's data before a change, as JSON. */
export interface Changed {
  readonly replaced: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Whether all of a file's data is still there, except what was changed, and whether what was removed is gone. */
export function keeps(after: unknown, before: unknown, changed: Changed, path: readonly (string | number)[] = []): boolean {
  const among = (paths: ReadonlySet<string>, at: typeof path) => paths.size > 0 && paths.has(JSON.stringify(at));
  if (among(changed.replaced, path)) return true;
  if (Array.isArray(before)) {
    const left = before.map((entry: unknown, index) => ({ entry, at: [...path, index] })).filter(({ at }) => !among(changed.removed, at));
    return Array.isArray(after) && left.every(({ entry, at }, index) => keeps(after[index], entry, changed, at));
  }
  if (isData(before)) {
    return isData(after) && Object.entries(before).every(([key, value]) => (among(changed.removed, [...path, key]) ? !Object.hasOwn(after, key) : Object.hasOwn(after, key) && keeps(after[key], value, changed, [...path, key])));
  }
  return before === null || Object.is(before, after);
}
