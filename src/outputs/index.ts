/** The outputs by their format; the compiler refuses the table when it and the formats disagree. */
import { jsonOutput } from "./json.ts";
import type { Groups, Output } from "./output.ts";
import { textOutput } from "./text.ts";

/** What `--format` takes. */
export const fileFormats = ["text", "json", "tar"] as const;

export type FileFormat = (typeof fileFormats)[number];

export const outputs: Readonly<Record<FileFormat, Output>> = {
  text: textOutput,
  json: jsonOutput,
  tar: async function* tar(groups: Groups) {
    yield* (await import("./tar.ts")).tarOutput(groups);
  },
};
