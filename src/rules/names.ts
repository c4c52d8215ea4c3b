/** Names that follow from a mail domain have to be names too. */
import { maxNameLength, toHostName } from "../core/host-name.ts";
import type { Problem } from "../core/problem.ts";
import type { Rule } from "./rule.ts";

export const derivedNames: Rule = {
  // Each entry is judged by itself.
  reads: [],
  check: ({ description }) =>
    (description.mail_domains ?? []).flatMap((domain, index): Problem[] => {
      const result = toHostName(`autodiscover.${domain}`);
      if (!("fault" in result) || result.fault.kind !== "too-long") return [];
      const place = { pointer: `/mail_domains/${index}`, on: "value" } as const;
      return [{ code: "derived-name-too-long", arguments: { limit: maxNameLength - "autodiscover.".length }, place }];
    }),
};
