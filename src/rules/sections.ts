/** Reports parts of a description that none of its targets uses. */
import type { TargetId } from "../core/output/target-id.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";

/** The targets for each part that is only for some targets. */
const users = {
  relayhost: ["relayhost"],
  syslog: ["docker-logging"],
} as const satisfies Readonly<Record<string, readonly TargetId[]>>;

export const unusedSections: Rule = {
  reads: ["/targets"],
  check: ({ description, targets }) =>
    targets === undefined
      ? []
      : (["relayhost", "syslog"] as const).flatMap((section): Problem[] => {
          const possible: readonly TargetId[] = users[section];
          if (description[section] === undefined || possible.some((id) => targets.includes(id))) return [];
          return [{ code: "section-unused", arguments: { section, targets: possible }, place: { pointer: `/${section}`, on: "key" } }];
        }),
};
