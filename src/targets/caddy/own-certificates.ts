/** Where Caddy keeps the certificates that it orders itself. */
import type { OwnCertificates } from "../../core/output/target.ts";
import { enabledPlaceOf } from "../shared/server.ts";
import { common, id } from "./places.ts";

/** The packages' unit runs Caddy with this home. */
const data = "/var/lib/caddy/.local/share/caddy";

export const ownCertificates: OwnCertificates = {
  fragment: "find.sh.hbs",
  view: (site) => ({ data, alone: enabledPlaceOf(id, site, site.fileStem), together: enabledPlaceOf(id, site, common), snippet: `mailcow-${site.hostname}-https` }),
  // At the end of each order, Caddy removes a lock, with every authority. The second folder is for versions that keep locks elsewhere.
  watched: () => [`${data}/locks`, `${data}/certificates`],
};
