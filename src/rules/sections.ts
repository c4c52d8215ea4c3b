/** Reports parts of a description that none of its targets uses. */
import type { TargetId } from "../core/output/target-id.ts";
import type { Problem } from "../core/problems/problem.ts";
import { sections, targetsOfSection } from "../core/site/sections.ts";
import type { Rule } from "./rule.ts";

export const unusedSections: Rule = {
  reads: ["/targets"],
  check: ({ description, targets }) =>
    sections.flatMap((section): Problem[] => {
      const possible: readonly TargetId[] = targetsOfSection[section];
      if (description[section] === undefined || targets === undefined) return [];
      const missing = possible.filter((id) => !targets.includes(id));
      if (missing.length === 0) return [];
      return [{ code: "section-unused", arguments: { section, targets: missing, others: missing.length < possible.length }, place: { pointer: `/${section}`, on: "key" } }];
    }),
};
