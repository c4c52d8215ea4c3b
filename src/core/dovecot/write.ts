/** Writes Dovecot's settings. */
import type { DovecotNetworks } from "../merged/values.ts";

export function valueOf({ networks }: DovecotNetworks): string {
  return networks.join(" ");
}

/** The lines of a setting, with its comments. */
export function linesOf(setting: DovecotNetworks): string {
  return `${setting.about.map((line) => `# ${line}\n`).join("")}${setting.name} = ${valueOf(setting)}\n`;
}
