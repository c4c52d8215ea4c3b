/** The table of report formats for other programs. It does not compile if a format is missing. */
import { githubReport } from "./github.ts";
import { gitlabReport } from "./gitlab.ts";
import { jsonReport } from "./json.ts";
import type { Report } from "./report.ts";

/** The values of `--format`. `text` is for people and depends on the terminal. */
export const formats = ["text", "json", "github", "gitlab", "sarif"] as const;

export type Format = (typeof formats)[number];

export const reports = {
  json: jsonReport,
  github: githubReport,
  gitlab: gitlabReport,
  // Loaded on demand, because it contains the documentation of all codes.
  sarif: async (results) => (await import("./sarif.ts")).sarifReport(results),
} satisfies Record<Exclude<Format, "text">, Report>;
