/** Writes Postfix's parameters. */
import type { MainCfSetting } from "../merged/values.ts";

/** The lines of a setting, with its comments. */
export function linesOf({ name, entries, about }: MainCfSetting): string {
  return `${about.map((line) => `# ${line}\n`).join("")}${name} = ${entries.join(",\n  ")}\n`;
}
