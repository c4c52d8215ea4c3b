/** Puts the output where it belongs on mailcow's host, and runs the commands of its heads. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { generate } from "../../../src/index.ts";
import { type Outcome, attempt } from "../../wire/world/command.ts";
import { prepareFolder } from "../../wire/world/filesystem.ts";

/** The files for a description as data; its `targets` say which. */
export function filesFor(description: object): OutputFile[] {
  const { files, diagnostics } = generate(stringify({ hostname: "mail.example.org", ...description }));
  if (files.length === 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return [...files];
}

export function place({ installPath = "", content, mode }: OutputFile): void {
  prepareFolder(installPath);
  writeFileSync(installPath, content);
  chmodSync(installPath, Number.parseInt(mode, 8));
}

const stubs = "/run/wire/bin";

/**
 * Runs a shell command of the output. Without systemd and Docker in the namespace, a script of the test stands for each.
 *
 * @param programs bodies of shell scripts, by the name of the program that they stand for
 */
export function command(line: string, programs: Readonly<Record<string, string>> = {}): Outcome {
  mkdirSync(stubs, { recursive: true });
  for (const [name, body] of Object.entries({ systemctl: "exit 0", docker: "exit 0", ...programs })) writeFileSync(`${stubs}/${name}`, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return attempt("env", `PATH=${stubs}:${process.env["PATH"] ?? ""}`, "sh", "-c", line);
}

/** Waits until something is so; it fails with the last answer if that takes too long. */
export async function until<T>(what: string, ask: () => T | Promise<T>, seconds = 120): Promise<NonNullable<T>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
