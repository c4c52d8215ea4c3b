/** Notes that nothing reloads the servers after a renewal of the certificate. */
import { reloadTargets } from "../core/site/reload-target.ts";
import { serverIds } from "../core/site/servers.ts";
import type { Rule } from "./rule.ts";

/**
 * The files for the host do not reload a proxy in a container. Concerns only descriptions that list their targets: the default targets are all servers, to choose from, and with
 * --target the other files may come from another run.
 */
export const reloadMissing: Rule = {
  reads: ["/targets", "/tls/issuer", "/tls/email", "/proxy/upstream/address"],
  check(checked) {
    const { listed, description } = checked;
    const target = reloadTargets[description.tls.issuer];
    if (listed === undefined || target === undefined || listed.includes(target) || !checked.site.proxy.sharesHost || checked.site.proxy.isContainer) return [];
    const asked = serverIds.filter((id) => listed.includes(id));
    if (asked.length === 0) return [];
    const needsEmail = target === "certbot" && description.tls.email === undefined;
    return [{ code: "reload-missing", arguments: { asked, targets: [...listed, target], needsEmail }, place: { pointer: "/targets", on: "value" } }];
  },
};
