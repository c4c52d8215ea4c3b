/** The names and places of Caddy's files. */
import type { Sites } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";

export const id = "caddy";

/** The name for the common files of several sites. */
export const common = "mailcow";

/** The name for the files. */
export function stemOf([first, ...others]: Sites): string {
  return others.length === 0 ? first.fileStem : common;
}

/** The files that a run with another number of sites leaves. */
export function rivalStems(sites: Sites): readonly string[] {
  return sites.length > 1 ? sites.map(({ fileStem }) => fileStem) : [common];
}

/** The file with options that hold for everything that Caddy serves. It is outside of the folder from which all files are imported. */
export function optionsFileOf(sites: Sites): string {
  return `/etc/caddy/${stemOf(sites)}.options`;
}

/** The file with certificate and key that Caddy can read. */
export function pemOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/caddy/${fileStem}.pem`;
}

/** The folder with such files for mail domains with their own certificates. */
export function pemFolderOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/caddy/${fileStem}`;
}

/** The beginning of the names of folders in which the scripts prepare these files. */
export function stagesOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `/etc/caddy/.${fileStem}+`;
}
