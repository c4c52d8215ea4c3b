/** Diagnostics as JSON, described by schemas/diagnostics.schema.json. */
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { visibleJson } from "../core/visible.ts";
import { type Reported, diagnosticsOf } from "./report.ts";

export function jsonReport(results: readonly Reported[]): string {
  const diagnostics = diagnosticsOf(results);
  const count = (wanted: Severity) => diagnostics.filter(({ severity }) => severity === wanted).length;
  const report = {
    descriptions: results.map(({ file, site }) => ({ file, valid: site !== undefined, hostname: site?.hostname ?? null })),
    diagnostics: diagnostics.map(fields),
    summary: { errors: count("error"), warnings: count("warning"), notes: count("note") },
  };
  return `${visibleJson(report)}\n`;
}

/** The fields in a fixed order, with null instead of undefined. */
function fields({ code, severity, file, line, column, length, source, pointer, message, help, edits }: Diagnostic) {
  return { code, severity, file, line, column, length, source: source ?? null, pointer: pointer ?? null, message, help: help ?? null, edits };
}
