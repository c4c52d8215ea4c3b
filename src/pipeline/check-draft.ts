/** Checks the values of a first description, and completes it. */
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import type { Draft } from "../core/description/new-description.ts";
import { withReload } from "../core/description/reload.ts";
import { type Source, checker } from "./check.ts";

/** What `init` mends itself: it adds the targets that bring a renewed certificate to the proxy. */
const mended = new Set(["reload-missing", "certificate-elsewhere"]);

/** All diagnostics, except of what is added to the description afterwards. */
export function checkDraft(description: Source): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: checker({ most: Infinity })(description).diagnostics.filter(({ code }) => !mended.has(code)) };
}

/** The draft with the targets that bring a renewed certificate to everything that serves it. */
export function completed(draft: Draft): Draft {
  const { site } = checker()({ source: JSON.stringify(draft), file: "" });
  return site === undefined ? draft : withReload(draft, site.tls);
}
