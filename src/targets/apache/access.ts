/** The access rules as lines of mod_rewrite. */
import type { Site } from "../../core/site/site.ts";
import { accessRules } from "../shared/access.ts";
import { quoted } from "../shared/spelling.ts";
import { takeable } from "./networks.ts";

/** The view of the rules, or null if there are none. */
export function access(site: Site) {
  const rules = accessRules(site);
  if (rules === null) return null;
  const { admissions, decisions, nested, opens } = rules;
  return {
    // Of the lines that fit, the last one counts.
    paths: decisions.toReversed().map(({ path, names, number }) => ({
      // Apache leaves encoded slashes as they are.
      pattern: quoted(path).replaceAll("/", "(?:/|%2[Ff])+"),
      names,
      number: number === 0 ? "" : `-${number}-`,
    })),
    all: `-${admissions.map(({ number }) => number).join("-")}-`,
    networks: admissions.map((one) => ({ ...one, allow: one.allow.flatMap(takeable) })),
    nested,
    opens,
  };
}
