/** Checks the values that were taken from a mailcow.conf. */
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { type Source, checker } from "./check.ts";

/** All diagnostics. The target that reloads the proxy is added to the description afterwards, so it is not missing. */
export function checkDraft(description: Source): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: checker({ most: Infinity })(description).diagnostics.filter(({ code }) => code !== "reload-missing") };
}
