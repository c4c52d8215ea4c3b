/** The functions of the library. */
import type { Diagnostic } from "./core/problems/diagnostic.ts";
import type { OutputFile } from "./core/output/output-file.ts";
import { checker } from "./pipeline/check.ts";
import { renderAll } from "./pipeline/render.ts";
import { sha256 } from "./core/output/sha256.ts";
import type { TargetId } from "./core/output/target-id.ts";

export interface GenerateOptions {
  /** The description's name in diagnostics; `mailcow-proxy.yaml` when absent. */
  readonly file?: string;
  /** The targets to render, instead of the description's own `targets`. */
  readonly targets?: readonly TargetId[];
}

export interface GenerateResult {
  /** In the order of the table of targets; empty when there is an error. */
  readonly files: readonly OutputFile[];
  /** All diagnostics, in the order of the description's lines. */
  readonly diagnostics: readonly Diagnostic[];
}

const defaultFile = "mailcow-proxy.yaml";

/**
 * Renders a description. Problems with the description are returned as diagnostics and never thrown. The same text always
 * gives the same files.
 *
 * @param source a description in YAML: text, or bytes in UTF-8, up to 256 Ki characters
 */
export function generate(source: string | Uint8Array, options: GenerateOptions = {}): GenerateResult {
  const { site, targets, diagnostics } = checker({ targets: options.targets })({ source, file: options.file ?? defaultFile });
  return { files: site === undefined ? [] : renderAll([{ site, targets }], { sha256 }), diagnostics };
}

/**
 * Checks a description without rendering it. It can be rendered when no diagnostic has the severity `error`.
 *
 * @param source as for {@link generate}
 */
export function validate(source: string | Uint8Array, options: GenerateOptions = {}): readonly Diagnostic[] {
  return checker({ targets: options.targets })({ source, file: options.file ?? defaultFile }).diagnostics;
}
