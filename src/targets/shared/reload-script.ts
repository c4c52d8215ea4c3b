/** The script that has the proxy take certificates of mailcow. */
import type { Site } from "../../core/site/site.ts";

/** What it and the units that run it are called by. */
export function reloadProgramOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `${fileStem}-reload`;
}

/** Where it is installed. */
export function reloadScriptOf(site: Pick<Site, "fileStem">): string {
  return `/usr/local/sbin/${reloadProgramOf(site)}.sh`;
}
