/** Has the program built once for all files of a run; see `install`. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder that the program was built to. */
    builtProgram: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-built-"));
  execFileSync(process.execPath, [fileURLToPath(new URL("build-program.js", import.meta.url)), folder]);
  project.provide("builtProgram", folder);
  return () => rmSync(folder, { recursive: true });
}
