/** The table of output formats. It does not compile if a format is missing. */
import { jsonOutput } from "./json.ts";
import type { Groups, Output } from "./output.ts";
import { textOutput } from "./text.ts";

/** The values of `--format`. */
export const fileFormats = ["text", "json", "tar"] as const;

export type FileFormat = (typeof fileFormats)[number];

export const outputs: Readonly<Record<FileFormat, Output>> = {
  text: textOutput,
  json: jsonOutput,
  tar: async function* tar(groups: Groups) {
    yield* (await import("./tar.ts")).tarOutput(groups);
  },
};
