/** The certificates that Traefik orders itself: its resolver, and where that keeps them. */
import type { OwnCertificates } from "../../core/output/target.ts";
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import type { Site } from "../../core/site/site.ts";
import { enabledPlaceOf } from "../shared/server.ts";
import { httpEntryPoints } from "./entry-points.ts";
import { id, storage } from "./places.ts";

export const ownCertificates: OwnCertificates = {
  fragment: "find.sh.hbs",
  view: (site) => ({ storage, resolver: site.tls.certificateResolver, enabled: enabledPlaceOf(id, site, site.fileStem) }),
  watched: () => [storage],
};

/** Whether Traefik orders the site's certificates. */
export function orders({ tls, proxy }: Site): boolean {
  return tls.issuer === "proxy" && !proxy.tlsBefore;
}

/** Whether it also proves the names on plain http. With acme_mailcow, those challenges are for mailcow, and it does that over TLS. */
export function answersChallenges(site: Site): boolean {
  return orders(site) && !site.tls.acmeMailcow;
}

/** The part of the static configuration. */
export function certificatesResolvers(site: Site): YamlMapping {
  const { certificateResolver, email } = site.tls;
  const [first] = httpEntryPoints(site);
  return {
    [certificateResolver]: {
      acme: {
        ...(email === undefined ? {} : { email }),
        storage,
        ...(answersChallenges(site) && first !== undefined ? { httpChallenge: { entryPoint: first.name } } : { tlsChallenge: {} }),
      },
    },
  };
}
