/** The names and places of HAProxy's files. */
import type { Family } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";

export const id = "haproxy";

/** The name for the common files and sections of several sites. */
export const common = "mailcow";

/** The file with options for the unit, which must name the folder; undefined where the unit itself names it. */
export const optionsFiles: Readonly<Record<Family, string | undefined>> = { debian: "/etc/default/haproxy", rhel: undefined };

/** The list of certificates of several sites. */
export const certificateList = `/etc/haproxy/${common}.crt-list`;

/** The file with certificate and key that HAProxy needs. */
export function pemOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/haproxy/${fileStem}.pem`;
}

/** The folder with such files for mail domains with their own certificates. */
export function pemFolderOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/haproxy/${fileStem}`;
}

/** The beginning of the names of folders in which the scripts prepare these files. */
export function stagesOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/haproxy/.${fileStem}+`;
}
