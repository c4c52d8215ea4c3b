/** Reports descriptions in which nothing brings a renewed certificate to the servers or to the other host. */
import { renewalKeys, renewalTargets } from "../core/site/renewal-targets.ts";
import { serverIds, servers } from "../core/site/servers.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Description } from "../generated/description.ts";
import type { Rule } from "./rule.ts";
import { pointerOfOtherHost } from "./other-host.ts";

const reads = ["/targets", "/tls/email", ...renewalKeys];

/**
 * Concerns only descriptions that list their targets: the default targets are all servers, to choose from, and with
 * --target the other files may come from another run. The files for the host do not reload a proxy in a container.
 */
export const reloadMissing: Rule = {
  reads,
  check({ site: { tls, proxy }, listed, description }) {
    if (listed === undefined || tls.transfer !== "none" || proxy.isContainer || proxy.tlsBefore) return [];
    const asked = serverIds.filter((id) => listed.includes(id));
    const missing = renewalTargets(tls).filter((id) => !listed.includes(id));
    if (asked.length === 0 || missing.length === 0) return [];
    const targets = [...listed, ...missing];
    return [{ code: "reload-missing", arguments: { asked, targets, copies: tls.issuer === "proxy", needsEmail: needsEmail(targets, description) }, place: { pointer: "/targets", on: "value" } }];
  },
};

/** With the proxy on another host, both hosts need the certificate, but it is made on one of them. */
export const certificateElsewhere: Rule = {
  reads,
  check({ site: { tls }, appliance, description }) {
    if (tls.transfer === "none" || appliance || passesOnlyMail(description.targets)) return [];
    const missing = renewalTargets(tls).filter((id) => !description.targets.includes(id));
    if (missing.length === 0) return [];
    const targets = [...description.targets, ...missing];
    const facts = { issuer: tls.issuer, transfer: tls.transfer, targets, missing, needsEmail: needsEmail(targets, description) };
    return [{ code: "certificate-elsewhere", arguments: facts, place: { pointer: pointerOfOtherHost(description), on: "value" } }];
  },
};

/** A proxy for mail alone needs no certificate: mailcow ends the TLS of mail. */
function passesOnlyMail(targets: readonly TargetId[]): boolean {
  return serverIds.some((id) => targets.some((one) => one === servers[id].mailTarget)) && !serverIds.some((id) => targets.includes(id));
}

function needsEmail(targets: readonly string[], { tls }: Description): boolean {
  return targets.includes("certbot") && tls.email === undefined;
}
