/** The described names as a regular expression. */
import type { Names } from "../core/site.ts";
import { anyDomain, quoted } from "./spelling.ts";

/** The alternatives of an extended regular expression without capturing groups, for names in lower case. */
export function nameRegex({ exact, prefixes }: Names): string[] {
  const discovery = prefixes.length > 0 ? [`(?:${prefixes.map(quoted).join("|")})${anyDomain}`] : [];
  return [...exact.map(quoted), ...discovery];
}
