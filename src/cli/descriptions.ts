/** Reading descriptions and reporting on them: what `generate` and `validate` have in common. */
import type { PositionalOptions } from "yargs";
import type { Diagnostic } from "../core/diagnostic.ts";
import { type CheckOptions, type Checked, checkFiles, checker } from "../core/pipeline.ts";
import { type Format, reports } from "../reports/index.ts";
import { summary, textReport } from "../reports/text.ts";
import { type Io, SurroundingsError } from "./io.ts";

/** The description that is read when none is named. */
export const defaultDescription = "mailcow-proxy.yaml";

export const descriptionsArgument = {
  describe: `Files with a description each, or - for standard input; without any, ${defaultDescription}`,
  type: "string",
  array: true,
} satisfies PositionalOptions;

/** What yargs makes of the descriptions: those behind `--` are apart. */
export interface DescriptionArguments {
  descriptions?: string[] | undefined;
  "--"?: (string | number)[];
}

/** The paths as they were given, or the one that is read when there are none. */
function pathsOf({ descriptions, "--": behind = [] }: DescriptionArguments): string[] {
  const paths = [descriptions ?? [], behind.map(String)].flat();
  return paths.length === 0 ? [defaultDescription] : paths;
}

/** yargs loses a lone hyphen among positionals, so it sees the device that means the same. */
export const standardInput = { word: "-", device: "/dev/stdin" };

/** The arguments as yargs takes them. */
export function withoutLoneHyphens(args: readonly string[]): string[] {
  return args.map((argument) => (argument === standardInput.word ? standardInput.device : argument));
}

export interface CheckAllOptions extends CheckOptions {
  /** Whether to look at the files of certificates, too. */
  readonly files?: boolean;
}

/** Reads and checks every description before anything is done with one. */
export async function checkAll(io: Io, given: DescriptionArguments, { files = false, ...options }: CheckAllOptions = {}): Promise<Checked[]> {
  const check = checker(options);
  const results: Checked[] = [];
  for (const path of pathsOf(given)) {
    const file = path === standardInput.device ? standardInput.word : path;
    const description = { source: await read(io, file), file };
    const checked = check(description);
    const facts = files && checked.site !== undefined ? await io.certificateFacts(checked.site.tls) : undefined;
    results.push(facts === undefined ? checked : checkFiles(description, checked, facts, io.now()));
  }
  return results;
}

export interface ReportOptions {
  /** Let warnings fail too. */
  readonly strict: boolean;
  readonly format: Format;
}

/**
 * Writes the diagnostics, as text to standard error and in any other format to standard output, and says whether they
 * forbid going on.
 */
export async function report(io: Io, results: readonly Checked[], { strict, format }: ReportOptions): Promise<{ failed: boolean }> {
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

/** Writes diagnostics for people. */
export function show({ stderr, env }: Io, diagnostics: readonly Diagnostic[]): void {
  const color = stderr.isTerminal && (env["NO_COLOR"] ?? "") === "";
  // The gutter takes some columns of a terminal, and a line that wraps would lose its caret.
  const width = Math.max(20, Math.min(100, (stderr.columns ?? 120) - 12));
  stderr.write(textReport(diagnostics, { color, width }));
}

async function read(io: Io, file: string): Promise<Uint8Array> {
  try {
    return await io.read(file);
  } catch (error) {
    if (!(error instanceof SurroundingsError) || file !== defaultDescription) throw error;
    throw new SurroundingsError(`${error.message}\nName a description, or begin one: mailcow-proxy init`, { cause: error });
  }
}
