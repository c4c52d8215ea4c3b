/** Settings and problems that depend on the certificate's issuer. */
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import type { TargetId } from "../../core/output/target-id.ts";

/** The error of a target that is for another issuer, at the entry that selects it. */
export function otherIssuer(target: TargetId, wanted: Site["tls"]["issuer"], { tls: { issuer } }: Site, entry: string | undefined): Problem[] {
  if (issuer === wanted) return [];
  return [{ code: "target-issuer", arguments: { target, issuer, wanted }, place: { pointer: entry ?? "/tls/issuer", on: "value" } }];
}
