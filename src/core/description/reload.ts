/** Adds to a first description the targets that bring a renewed certificate to everything that serves it. */
import { renewalTargets } from "../site/renewal-targets.ts";
import type { Site } from "../site/site.ts";
import { type Draft, defaultOf, valueAt, withValue } from "./new-description.ts";

/** The draft with the targets. It stays as it is if they cannot work: without certbot's e-mail address. @param tls of its site */
export function withReload(draft: Draft, tls: Site["tls"]): Draft {
  const listed = valueAt(draft, "/targets") ?? defaultOf("targets");
  if (!Array.isArray(listed)) return draft;
  const missing = renewalTargets(tls).filter((id) => !listed.includes(id));
  if (missing.length === 0 || (missing.includes("certbot") && valueAt(draft, "/tls/email") === undefined)) return draft;
  return withValue(draft, "/targets", [...listed, ...missing]);
}
