/** Diagnostics as a code quality report (https://docs.gitlab.com/ci/testing/code_quality/), which GitLab shows in merge requests. */
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { visibleJson } from "../core/visible.ts";
import { fingerprints } from "./fingerprint.ts";
import { type Reported, diagnosticsOf, plainPath } from "./report.ts";

const severities: Record<Severity, string> = { error: "major", warning: "minor", note: "info" };

export function gitlabReport(results: readonly Reported[]): string {
  const fingerprint = fingerprints();
  return `${visibleJson(diagnosticsOf(results).map((diagnostic) => violation(diagnostic, fingerprint(diagnostic))))}\n`;
}

/** GitLab shows only one finding per fingerprint, so it includes everything that makes findings different. */
function violation({ code, severity, file, line, message, help }: Diagnostic, fingerprint: string) {
  const path = plainPath(file);
  return {
    description: help === undefined ? message : `${message}; ${help}`,
    check_name: code,
    fingerprint: `${code} ${path} ${fingerprint}`,
    severity: severities[severity],
    location: { path, lines: { begin: line } },
  };
}
