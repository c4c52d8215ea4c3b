/** The reports for other programs, by their format; the compiler refuses the table when it and the formats disagree. */
import { githubReport } from "./github.ts";
import { gitlabReport } from "./gitlab.ts";
import { jsonReport } from "./json.ts";
import type { Report } from "./report.ts";

/** What `--format` takes; `text` is for people, and depends on their terminal. */
export const formats = ["text", "json", "github", "gitlab", "sarif"] as const;

export type Format = (typeof formats)[number];

export const reports = {
  json: jsonReport,
  github: githubReport,
  gitlab: gitlabReport,
  // It brings the documentation of every code.
  sarif: async (results) => (await import("./sarif.ts")).sarifReport(results),
} satisfies Record<Exclude<Format, "text">, Report>;
