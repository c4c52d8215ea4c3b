/** A part of a YAML file that the administrator has merged into a file of the host. */
import { parse } from "../core/yaml/parse.ts";

/** The keys of the part that the whole lacks or has with another value, with dots between them; undefined if the whole is no YAML. */
export function lacking(part: string, whole: string): readonly string[] | undefined {
  const [wanted, found] = [parse(part), parse(whole)];
  if (found.problems.length > 0) return undefined;
  return keysThatDiffer(wanted.data, found.data, "");
}

function keysThatDiffer(wanted: unknown, found: unknown, at: string): string[] {
  if (!isMapping(wanted)) return isSame(wanted, found) ? [] : [at];
  return Object.entries(wanted).flatMap(([key, value]) => keysThatDiffer(value, isMapping(found) ? found[key] : undefined, at === "" ? key : `${at}.${key}`));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The order of a list does not count, and a duration of 0 needs no unit. */
function isSame(wanted: unknown, found: unknown): boolean {
  if (!Array.isArray(wanted)) return found !== undefined && plain(wanted) === plain(found);
  return Array.isArray(found) && wanted.length === found.length && wanted.map(plain).toSorted().join("\n") === found.map(plain).toSorted().join("\n");
}

function plain(value: unknown): string {
  return String(value).replace(/^0s$/, "0");
}
