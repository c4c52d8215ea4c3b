/** A configuration as the server itself says that it has read it. */
import { parse as parseApache } from "../../lint/apache.ts";
import { parse as parseHaproxy } from "../../lint/haproxy.ts";
import { parse as parseNginx } from "../../lint/nginx.ts";
import type { Directive } from "../../lint/rule.ts";
import { attempt, run } from "./command.ts";
import { platform, proxyId } from "./description.ts";

/** HAProxy says it from 2.7 on, which the machine's own is not. */
export const canReadBack = proxyId !== "haproxy" || platform !== undefined;

/** The directives of each file, by its path; HAProxy knows no files, and its are by the name of their defaults. */
export function readBack(): ReadonlyMap<string, Directive[]> {
  switch (proxyId) {
    case "nginx":
      return byFile(run("nginx", "-T"), /^# configuration file (\S+):$/m, parseNginx);
    case "apache":
      return byFile(run("apache2ctl", "-t", "-D", "DUMP_CONFIG"), /^ *# In file: (\S+)$/m, parseApache);
    case "haproxy": {
      // Having shown the words of each line it does nothing with them, and has no listener then.
      const { text } = attempt("haproxy", "-c", "-dC", "-f", "/etc/haproxy/haproxy.cfg", "-f", "/etc/haproxy/conf.d");
      const [dump, rest] = text.split("Configuration file has no error but will not start (no listener) => exit(2).");
      if (rest?.trim() !== "") throw new Error(`HAProxy does not show its configuration: ${text}`);
      const sections = parseHaproxy(dump ?? "");
      const files = new Map<string, Directive[]>();
      let file: Directive[] = [];
      for (const section of sections) {
        if (section.name === "global") file = [];
        if (section.name === "defaults") files.set(section.value, file);
        file.push(section);
      }
      return files;
    }
  }
}

function byFile(text: string, heading: RegExp, parse: (text: string) => Directive[]): Map<string, Directive[]> {
  const [, ...parts] = text.replace(/^(?:AH00558:.*|Syntax OK)$/gm, "").split(heading);
  return new Map(parts.flatMap((path, index) => (index % 2 === 0 ? [[path, parse(parts[index + 1] ?? "")] as const] : [])));
}
