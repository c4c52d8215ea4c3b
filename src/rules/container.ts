/** Notes for a proxy in a container. */
import type { Problem } from "../core/problems/problem.ts";
import { renewalTargets } from "../core/site/renewal-targets.ts";
import type { Rule } from "./rule.ts";

/** The scripts reload services of the host. */
export const containerTargets: Rule = {
  reads: ["/targets", "/proxy/upstream", "/tls/issuer", "/tls/certbot_host", "/tls/acme_mailcow", "/proxy/tls_ends"],
  check({ site: { proxy, tls }, listed = [] }) {
    if (!proxy.isContainer || proxy.tlsBefore) return [];
    // Others are errors.
    return renewalTargets(tls).filter((id) => listed.includes(id)).map((target): Problem => ({
      code: "container-target",
      arguments: { target },
      place: { pointer: `/targets/${listed.indexOf(target)}`, on: "value" },
    }));
  },
};
