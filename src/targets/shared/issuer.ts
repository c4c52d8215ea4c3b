/** Settings and problems that depend on the certificate's issuer. */
import type { Problem } from "../../core/problems/problem.ts";
import { renewalKeys, renewalTargets } from "../../core/site/renewal-targets.ts";
import type { Site } from "../../core/site/site.ts";
import type { TargetId } from "../../core/output/target-id.ts";

/** The error of a target that has nothing to do for the issuer, or that is for a certificate which the proxy does not have, at the entry that selects it. */
export function otherIssuer(target: TargetId, wanted: Site["tls"]["issuer"], { tls, proxy }: Site, entry: string | undefined): Problem[] {
  if (proxy.tlsBefore) return [{ code: "tls-before-target", arguments: { target }, place: { pointer: entry ?? "/proxy/tls_ends", on: "value" }, reads: ["/proxy/tls_ends"] }];
  if (renewalTargets(tls).includes(target)) return [];
  if ((tls.issuer === "files" || tls.issuer === "proxy") && tls.acmeMailcow) return [{ code: "target-unneeded", arguments: { target }, place: { pointer: entry ?? "/tls/acme_mailcow", on: "value" }, reads: renewalKeys }];
  return [{ code: "target-issuer", arguments: { target, issuer: tls.issuer, wanted }, place: { pointer: entry ?? "/tls/issuer", on: "value" }, reads: renewalKeys }];
}
