/** Limits the number of reported problems. */
import { severityOf } from "./message.ts";
import type { Place, Problem } from "./problem.ts";

type Placed<P extends Place> = Problem & { readonly place: P };

/** At most `most` problems, errors first, and a note when there are more. */
export function firstProblems<P extends Place>(problems: readonly Placed<P>[], most: number): Placed<P>[] {
  if (problems.length <= most) return [...problems];
  const isOther = ({ code }: Problem) => Number(severityOf(code) !== "error");
  const first = problems.toSorted((left, right) => isOther(left) - isOther(right)).slice(0, most);
  const more = first.slice(-1).map(({ place }) => ({ code: "more" as const, arguments: { limit: most }, place }));
  return [...first, ...more];
}
