/** What depends on who issues the certificate. */
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import type { TargetId } from "../../core/output/target-id.ts";

/** The error of a target that is for another issuer, at what asks for it. */
export function otherIssuer(target: TargetId, wanted: Site["tls"]["issuer"], { tls: { issuer } }: Site, entry: string | undefined): Problem[] {
  if (issuer === wanted) return [];
  return [{ code: "target-issuer", arguments: { target, issuer, wanted }, place: { pointer: entry ?? "/tls/issuer", on: "value" } }];
}

/** Which of the notes on renewals a server's file has, for a server that reads certificates where their issuer keeps them. */
export function issuerNotes({ tls: { issuer, domains } }: Site) {
  return {
    // For mail domains with certificates of their own the head speaks of the units before.
    units: issuer === "mailcow" && domains.length === 0,
    certbot: issuer === "certbot",
    files: issuer === "files",
  };
}
