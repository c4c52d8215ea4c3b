/** What HAProxy's files are called, and where they are. */
import type { Site } from "../../core/site/site.ts";

export const id = "haproxy";

/** What the files and sections of several sites are called by. */
export const common = "mailcow";

/** The certificates of several sites. */
export const certificateList = `/etc/haproxy/${common}.crt-list`;

/** Certificate and key in one file, as HAProxy wants them. */
export function pemOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/haproxy/${fileStem}.pem`;
}

/** The same for the domains that have certificates of their own. */
export function pemFolderOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/haproxy/${fileStem}`;
}

/** A pattern of the folders in which the scripts prepare them. */
export function stagesOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/haproxy/.${fileStem}+`;
}
