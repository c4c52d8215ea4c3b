/** Has the page built once for all files of a run. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder that the page was built to. */
    builtPage: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-page-"));
  execFileSync(process.execPath, [fileURLToPath(new URL("../../build/web/build.js", import.meta.url)), folder]);
  project.provide("builtPage", folder);
  return () => rmSync(folder, { recursive: true });
}
