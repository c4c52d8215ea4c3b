/** Adds to a first description the targets that bring a renewed certificate to everything that serves it. */
import { renewalTargets } from "../site/renewal-targets.ts";
import type { Site } from "../site/site.ts";
import { type Draft, defaultOf, valueAt, withValue } from "./new-description.ts";

const issuers = ["mailcow", "certbot", "files", "proxy"] as const;

/** The draft with the targets. It stays as it is if they cannot work: without certbot's e-mail address. */
export function withReload(draft: Draft): Draft {
  const issuer = issuers.find((name) => name === (valueAt(draft, "/tls/issuer") ?? "mailcow"));
  const listed = valueAt(draft, "/targets") ?? defaultOf("targets");
  if (issuer === undefined || !Array.isArray(listed)) return draft;
  const missing = renewalTargets({ issuer, transfer: transferOf(draft, issuer), acmeMailcow: valueAt(draft, "/tls/acme_mailcow") === true }).filter((id) => !listed.includes(id));
  if (missing.length === 0 || (missing.includes("certbot") && valueAt(draft, "/tls/email") === undefined)) return draft;
  return withValue(draft, "/targets", [...listed, ...missing]);
}

function transferOf(draft: Draft, issuer: Site["tls"]["issuer"]): Site["tls"]["transfer"] {
  if (valueAt(draft, "/proxy/upstream/address") === undefined) return "none";
  return issuer === "mailcow" ? "fetch" : "send";
}
