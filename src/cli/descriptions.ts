/** Reads descriptions and reports on them, for `generate` and `validate`. */
import { join } from "node:path";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { limits } from "../core/limits.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { type CheckOptions, type Checked, checkFiles, checker, hasFiles } from "../pipeline/check.ts";
import { type Format, reports } from "../reports/index.ts";
import type { Reported } from "../reports/report.ts";
import { summary, textReport } from "../reports/text.ts";
import { takes } from "./completion/completes.ts";
import { type Io, SurroundingsError } from "./io.ts";

/** The description that is read when none is given. */
export const defaultDescription = "mailcow-proxy.yaml";

export const descriptionsArgument = takes("files", {
  describe: `Description files, folders with them, or - for standard input; default: ${defaultDescription}`,
  type: "string",
  array: true,
});

/** The descriptions as yargs returns them: those after `--` are separate. */
export interface DescriptionArguments {
  descriptions?: string[] | undefined;
  "--"?: (string | number)[];
}

/** yargs drops a lone hyphen among positional arguments, so it gets the equivalent device instead. */
export const standardInput = { word: "-", device: "/dev/stdin" };

/** The arguments in the form that yargs accepts. */
export function withoutLoneHyphens(args: readonly string[]): string[] {
  return args.map((argument) => (argument === standardInput.word ? standardInput.device : argument));
}

/** The paths as given, or the default one. */
export function pathsOf({ descriptions, "--": behind = [] }: DescriptionArguments): string[] {
  const paths = [descriptions ?? [], behind.map(String)].flat().map((path) => (path === standardInput.device ? standardInput.word : path));
  return paths.length === 0 ? [defaultDescription] : paths;
}

/** The descriptions of a command line. */
export interface DescriptionFiles {
  /** Paths, and `-` for standard input. */
  readonly files: readonly string[];
  /** Whether there could be several: true for a folder, even with one file in it. */
  readonly several: boolean;
}

/** The paths, with each folder replaced by the descriptions in it, sorted by name. */
export async function descriptionFiles(io: Io, given: DescriptionArguments): Promise<DescriptionFiles> {
  const paths = pathsOf(given);
  const found = await Promise.all(paths.map(async (path) => (path === standardInput.word ? undefined : inFolder(io, path))));
  return { files: found.flatMap((files, index) => files ?? paths[index] ?? []), several: paths.length > 1 || found.some((files) => files !== undefined) };
}

async function inFolder(io: Io, path: string): Promise<string[] | undefined> {
  const files = (await io.list(path))?.filter(({ name, kind }) => kind !== "folder" && /^[^.].*\.ya?ml$/.test(name));
  if (files?.length === 0) throw new SurroundingsError(`${path} is a folder without descriptions: none of its files ends in .yaml or .yml`);
  return files?.map(({ name }) => join(path, name));
}

export interface CheckEachOptions extends CheckOptions {
  /** Whether to check certificate files too. */
  readonly files?: boolean;
}

/** Reads and checks one description. */
export async function checkOne(io: Io, file: string, options: CheckOptions): Promise<Checked> {
  return checker(options)({ source: await read(io, file), file });
}

/** Reads one description, and checks it for targets that depend on its own ones. */
export async function checkWith(io: Io, file: string, targets: (own: readonly TargetId[]) => readonly TargetId[]): Promise<Checked> {
  const description = { source: await read(io, file), file };
  return checker({ targets: targets(checker()(description).targets) })(description);
}

/** Reads and checks descriptions, each against those before it. */
export async function* checkEach(io: Io, paths: readonly string[], { files = false, ...options }: CheckEachOptions = {}): AsyncGenerator<Checked> {
  const check = checker(options);
  for (const file of paths) {
    const description = { source: await read(io, file), file };
    const checked = check(description);
    const facts = files && checked.site !== undefined && hasFiles(checked) ? await io.certificateFacts(checked.site.tls) : undefined;
    yield facts === undefined ? checked : checkFiles(description, checked, facts, io.now());
  }
}

export interface ReportOptions {
  /** Whether warnings fail too. */
  readonly strict: boolean;
  readonly format: Format;
}

/**
 * Writes the diagnostics: text to standard error, other formats to standard output. `failed` is true when they stop the
 * run.
 */
export async function report(io: Io, results: readonly Reported[], { strict, format }: ReportOptions): Promise<{ failed: boolean }> {
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const failed = diagnostics.some(({ severity }) => severity === "error" || (strict && severity === "warning"));
  if (format !== "text") {
    io.stdout.write(await reports[format](results));
  } else if (diagnostics.length > 0) {
    show(io, diagnostics);
    if (failed) io.stderr.write(`${summary(diagnostics)}\n`);
  }
  return { failed };
}

/** Writes diagnostics as text for people. */
export function show({ stderr, env }: Io, diagnostics: readonly Diagnostic[]): void {
  const color = stderr.isTerminal && (env["NO_COLOR"] ?? "") === "";
  // Leave room for the gutter: in a line that wraps, the caret would not be under its text.
  const width = Math.max(20, Math.min(100, (stderr.columns ?? 120) - 12));
  stderr.write(textReport(diagnostics, { color, width }));
}

async function read(io: Io, file: string): Promise<Uint8Array> {
  try {
    return await io.read(file, limits.bytes);
  } catch (error) {
    if (!(error instanceof SurroundingsError) || file !== defaultDescription) throw error;
    throw new SurroundingsError(error.message, { cause: error, help: "Give a description file, or create one: mailcow-proxy init" });
  }
}
