/** Checks the web root of an ACME client. */
import type { Rule } from "./rule.ts";

/** Servers append the path of a request, which has the folder of the tokens in it. */
export const webrootOfTokens: Rule = {
  reads: ["/tls/acme_webroot"],
  check({ site: { tls: { acmeWebroot: webroot } } }) {
    const [end] = /\/\.well-known(?:\/acme-challenge)?$/.exec(webroot ?? "") ?? [];
    if (webroot === undefined || end === undefined) return [];
    const above = webroot.slice(0, -end.length);
    return [{ code: "acme-webroot-tokens", arguments: { above: above === "" ? undefined : above }, place: { pointer: "/tls/acme_webroot", on: "value" } }];
  },
};
