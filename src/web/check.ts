/** From a description's text to what the page shows. */
import type { OutputFile } from "../core/output/output-file.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import type { Site } from "../core/site/site.ts";
import { checker } from "../pipeline/check.ts";
import { renderAll } from "../pipeline/render.ts";
import { sha256 } from "./sha256.ts";

export interface Checked {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined while the description has an error. */
  readonly files: readonly OutputFile[] | undefined;
  /** Undefined while the description has an error. */
  readonly site: Site | undefined;
  readonly targets: readonly TargetId[];
  /** The description's plain data; undefined when the text is not a mapping in YAML. */
  readonly data: unknown;
  /** How long it took, in milliseconds. */
  readonly took: number;
}

export function check(text: string): Checked {
  const began = performance.now();
  const { site, targets: asked, diagnostics, written } = checker()({ source: text, file: "mailcow-proxy.yaml" });
  const files = site === undefined ? undefined : renderAll([{ site, targets: asked }], { sha256 });
  return { text, diagnostics, files, site, targets: asked, data: written(), took: performance.now() - began };
}
