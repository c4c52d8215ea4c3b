/** The script of the target systemd on the proxy's host: it reloads the proxy with new certificates, wherever they come from. */
import type { Site } from "../../core/site/site.ts";

const verbs = { none: "reload", fetch: "fetch", send: "send" } as const;

/** The name of the script and of its units. */
export function reloadProgramOf({ fileStem, tls: { transfer } }: Pick<Site, "fileStem" | "tls">): string {
  return `${fileStem}-${verbs[transfer]}`;
}

/** Where it is installed. */
export function reloadScriptOf(site: Pick<Site, "fileStem" | "tls">): string {
  return `/usr/local/sbin/${reloadProgramOf(site)}.sh`;
}
