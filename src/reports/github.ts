/** Diagnostics as workflow commands, which GitHub Actions shows as annotations beside the lines. */
import type { Diagnostic, Severity } from "../core/diagnostic.ts";
import type { Checked } from "../core/pipeline.ts";
import { diagnosticsOf, plainPath } from "./report.ts";
import { visible } from "./visible.ts";

const commands: Record<Severity, string> = { error: "error", warning: "warning", note: "notice" };

export function githubReport(results: readonly Checked[]): string {
  return diagnosticsOf(results).map(annotation).join("");
}

function annotation({ severity, file, line, column, length, code, message, help }: Diagnostic): string {
  // Without a file the annotation is the whole run's.
  const place = file === "-" ? [] : [`file=${property(plainPath(file))}`, `line=${line}`, `col=${column}`, `endColumn=${column + length}`];
  const text = [message, ...(help === undefined ? [] : [`help: ${help}`])].map(visible).join("\n");
  return `::${commands[severity]} ${[...place, `title=${property(code)}`].join(",")}::${data(text)}\n`;
}

/** The runner reads these escapes back, and no others (its ActionCommand, and command.ts of actions/toolkit). */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
