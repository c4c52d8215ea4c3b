/** placeholder */
import type { Problem } from "./problem.ts";
export function describe(problem: Problem): { severity: "error" | "warning"; message: string; help: string | undefined } {
  return { severity: /^(bind-|addresses-missing|upstream-unv)/.test(problem.code) ? "warning" : "error", message: `${problem.code} ${JSON.stringify(problem.arguments)}`, help: undefined };
}
