/** Diagnostics as workflow commands, which GitHub Actions shows as annotations beside the lines. */
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { visible } from "../core/visible.ts";
import { type Reported, diagnosticsOf, plainPath } from "./report.ts";

const commands: Record<Severity, string> = { error: "error", warning: "warning", note: "notice" };

export function githubReport(results: readonly Reported[]): string {
  return diagnosticsOf(results).map(annotation).join("");
}

function annotation({ severity, file, line, column, length, source, code, message, help }: Diagnostic): string {
  // Without a file the annotation is the whole run's.
  const place = file === "-" ? [] : [`file=${property(seen(plainPath(file)))}`, `line=${line}`, ...(source === undefined ? [] : [`col=${column}`, `endColumn=${column + length}`])];
  const text = [message, ...(help === undefined ? [] : [`help: ${help}`])].join("\n");
  return `::${commands[severity]} ${[...place, `title=${property(code)}`].join(",")}::${data(text)}\n`;
}

/** What the runner's escapes cannot carry would reach its log as it is; such a file loses its annotations' place. */
function seen(path: string): string {
  return path.replaceAll(/[^\r\n]+/g, visible);
}

/** The runner reads these escapes back, and no others (its ActionCommand, and command.ts of actions/toolkit). */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
