/** Diagnostics as JSON; schemas/diagnostics.schema.json describes it. */
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

/** Each in one order, and null where there is nothing to say. */
function fields({ code, severity, file, line, column, length, source, pointer, message, help }: Diagnostic) {
  return { code, severity, file, line, column, length, source: source ?? null, pointer: pointer ?? null, message, help: help ?? null };
}
