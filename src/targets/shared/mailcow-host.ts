/** Files for mailcow's own host. */
import type { FileHost } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";

/** mailcow's host by the name that it has in an output: it may be the proxy's, too. */
export function mailcowHost({ proxy }: Site): FileHost {
  return proxy.sharesHost ? "proxy" : "mailcow";
}
