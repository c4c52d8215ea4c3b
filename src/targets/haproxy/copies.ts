/** How HAProxy gets the copies of certificates that it needs. */
import type { Copies } from "../../core/output/target.ts";
import { servers } from "../../core/site/servers.ts";
import { enabledPlaceOf, installationOf } from "../shared/server.ts";
import { certificateList, common, id, pemFolderOf, pemOf, stagesOf } from "./places.ts";

export const copies: Copies = {
  fragment: "combined.sh.hbs",
  view: (site) => ({
    id,
    pem: pemOf(site),
    // For mail domains with their own certificates.
    pems: site.tls.domains.length > 0 ? pemFolderOf(site) : null,
    set: "own",
    complete: null,
    alone: enabledPlaceOf(id, site, site.fileStem),
    together: enabledPlaceOf(id, site, common),
    list: certificateList,
    title: servers[id].title,
    root: installationOf(id, site).root,
    group: null,
    stages: stagesOf(site),
    validate: installationOf(id, site).validate,
    unit: installationOf(id, site).unit,
  }),
  leftovers: (site) => `${stagesOf(site)}*`,
};
