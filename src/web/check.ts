/** From a description's text to what the page shows. */
import type { OutputFile } from "../core/output/output-file.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { checker } from "../pipeline/check.ts";
import { renderAll } from "../pipeline/render.ts";
import { sha256 } from "./sha256.ts";

export interface Checked {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined while the description has an error. */
  readonly files: readonly OutputFile[] | undefined;
  /** The hostname; undefined while the description has an error. */
  readonly hostname: string | undefined;
  /** The description's plain data; undefined when the text is not a mapping in YAML. */
  readonly data: unknown;
  /** How long it took, in milliseconds. */
  readonly took: number;
}

export function check(text: string): Checked {
  const began = performance.now();
  const { site, targets: asked, diagnostics, written } = checker()({ source: text, file: "mailcow-proxy.yaml" });
  const files = site === undefined ? undefined : renderAll([{ site, targets: asked }], { sha256 });
  return { text, diagnostics, files, hostname: site?.hostname, data: written(), took: performance.now() - began };
}
