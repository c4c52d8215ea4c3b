/** Files for mailcow's own host. */
import type { FileHost, TargetFile } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";
import { nothing } from "./requirements.ts";

/** mailcow's host by the name that it has in an output: it may be the proxy's, too. */
export function mailcowHost({ proxy }: Site): FileHost {
  return proxy.sharesHost ? "proxy" : "mailcow";
}

/** A file there that is replaced whole. */
export function fileOnMailcowHost(site: Site, file: Pick<TargetFile, "template" | "name" | "mode" | "validate" | "reload"> & { readonly installPath: string }): TargetFile {
  return { ...file, host: mailcowHost(site), install: "replaced", comment: "#", group: undefined, requires: nothing };
}
