/** The examples of a document, and a folder in which their commands run. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { install } from "./installed.ts";
import { root } from "./support.ts";

/** What gives a document's fenced blocks of a language. */
export function blocksOf(path: string): (language: string) => string[] {
  const text = readFileSync(join(root, path), "utf8");
  return (language) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);
}

/** The commands of `console` blocks, each with what it prints. */
export function transcripts(blocks: readonly string[]): { readonly command: string; readonly output: string }[] {
  return blocks.flatMap((block) => [...block.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = "", output = ""]) => ({ command, output })));
}

/** npm's own npx takes longer than what it starts here, and does the same: test/ci.test.ts has it start the program. */
const npx = '#!/bin/sh\nprogram=$1\nshift\nexec "node_modules/.bin/$program" "$@"\n';

/** Where it is, in the folder. */
const programs = "node_modules/.programs";

export interface Workplace {
  readonly folder: string;
  /** Runs a command as GitHub does. */
  readonly bash: (command: string) => { readonly status: number | null; readonly out: string; readonly err: string };
}

/** Makes, for the tests of a file, a folder that has the program among its npm dependencies and what `fill` writes. */
export function workplace(fill: (folder: string) => void): Workplace {
  let folder = "";
  // An example may start the program several times, which takes its time on a busy machine.
  vi.setConfig({ testTimeout: 30_000 });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-docs-"));
    install(folder);
    mkdirSync(join(folder, programs));
    writeFileSync(join(folder, programs, "npx"), npx, { mode: 0o755 });
    fill(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    get folder() {
      return folder;
    },
    bash: (command) => {
      const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", command], { cwd: folder, encoding: "utf8", env: { ...process.env, PATH: `${join(folder, programs)}${delimiter}${process.env["PATH"] ?? ""}` } });
      return { status, out: stdout, err: stderr };
    },
  };
}
