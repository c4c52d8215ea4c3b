/** The trusted proxies in a server's file. */
import type { Site } from "../../core/site/site.ts";

/** The networks in the order of the file, each group with the operator that publishes them, or null for those of the description. */
export function trustedView<T>({ proxy: { trustedGroups } }: Site, spell: (networks: readonly string[]) => readonly T[]) {
  return trustedGroups.map(({ published, networks }) => ({ published: published ?? null, networks: spell(networks) }));
}
