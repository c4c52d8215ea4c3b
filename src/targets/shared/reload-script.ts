/** The script that reloads the proxy with new certificates of mailcow. */
import type { Site } from "../../core/site/site.ts";

/** The name of the script and of its units. */
export function reloadProgramOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `${fileStem}-reload`;
}

/** Where it is installed. */
export function reloadScriptOf(site: Pick<Site, "fileStem">): string {
  return `/usr/local/sbin/${reloadProgramOf(site)}.sh`;
}
