/** Has the program built once for all files of a run; see `install`. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder that the program was built to. */
    builtProgram: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-built-"));
  // Some tests start it as somebody else.
  chmodSync(folder, 0o755);
  execFileSync(process.execPath, [join(project.config.root, "test/build-program.js"), folder]);
  project.provide("builtProgram", folder);
  return () => rmSync(folder, { recursive: true });
}
