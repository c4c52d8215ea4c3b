/** How HAProxy gets the copies of certificates that it needs. */
import type { Copies } from "../../core/output/target.ts";
import { enabledPlaceOf, installationOf } from "../shared/server.ts";
import { certificateList, common, id, pemFolderOf, pemOf, stagesOf } from "./places.ts";

export const copies: Copies = {
  fragment: "renew.sh.hbs",
  view: (site) => ({
    pem: pemOf(site),
    // For mail domains with their own certificates.
    pems: site.tls.domains.length > 0 ? pemFolderOf(site) : null,
    alone: enabledPlaceOf(id, site, site.fileStem),
    together: enabledPlaceOf(id, site, common),
    certificateList,
    stages: stagesOf(site),
    validate: installationOf(id, site).validate,
    unit: installationOf(id, site).unit,
  }),
  leftovers: (site) => `${stagesOf(site)}*`,
};
