/** Diagnostics as workflow commands, which GitHub Actions shows as annotations beside the lines. */
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { visible } from "../core/visible.ts";
import { type Reported, diagnosticsOf, plainPath } from "./report.ts";

const commands: Record<Severity, string> = { error: "error", warning: "warning", note: "notice" };

export function githubReport(results: readonly Reported[]): string {
  return diagnosticsOf(results).map(annotation).join("");
}

function annotation({ severity, file, line, column, length, source, code, message, help }: Diagnostic): string {
  // Without a file, the annotation belongs to the whole run.
  const place = file === "-" ? [] : [`file=${property(seen(plainPath(file)))}`, `line=${line}`, ...(source === undefined ? [] : [`col=${column}`, `endColumn=${column + length}`])];
  const text = [message, ...(help === undefined ? [] : [`help: ${help}`])].join("\n");
  return `::${commands[severity]} ${[...place, `title=${property(code)}`].join(",")}::${data(text)}\n`;
}

/** Makes characters visible that the runner cannot escape. The annotations of such a file lose their place. */
function seen(path: string): string {
  return path.replaceAll(/[^\r\n]+/g, visible);
}

/** The only escapes that the runner knows (see its ActionCommand, and command.ts of actions/toolkit). */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
