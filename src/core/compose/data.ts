/** Compares the data of compose files with what targets want in them. */
import type { ComposeValue } from "../merged/values.ts";
import { isMapping, literal } from "./write.ts";

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
  if (typeof wanted === "string") return !isData(found) && !Array.isArray(found) && scalarText(found) === literal(wanted);
  if (!isMapping(wanted)) return Array.isArray(found) ? wanted.every((one) => found.some((entry: unknown) => covers(entry, one))) : isData(found) && wanted.every((one) => Object.hasOwn(found, literal(one)));
  if (Array.isArray(found)) return Object.entries(wanted).every(([key, value]) => typeof value === "string" && found.includes(`${key}=${literal(value)}`));
  return isData(found) && Object.entries(wanted).every(([key, value]) => Object.hasOwn(found, key) && covers(found[key], value));
}

/** Whether all of a file's data is still there; what is in `replaced`, as JSON, may have changed. */
export function keeps(after: unknown, before: unknown, replaced: ReadonlySet<string>, path: readonly (string | number)[] = []): boolean {
  if (replaced.size > 0 && replaced.has(JSON.stringify(path))) return true;
  if (Array.isArray(before)) return Array.isArray(after) && before.every((entry: unknown, index) => keeps(after[index], entry, replaced, [...path, index]));
  if (isData(before)) return isData(after) && Object.entries(before).every(([key, value]) => Object.hasOwn(after, key) && keeps(after[key], value, replaced, [...path, key]));
  return before === null || Object.is(before, after);
}
