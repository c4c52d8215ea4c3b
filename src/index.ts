/**
 * mailcow-proxy as a library: text in, files and diagnostics out, no disk, no network, no Node.
 */
export { type GenerateOptions, type GenerateResult, generate, validate } from "./generate.ts";
export type { Diagnostic, Severity } from "./core/diagnostic.ts";
export type { OutputFile } from "./core/output-file.ts";
export type { Code } from "./core/problem.ts";
export type { TargetId } from "./core/target.ts";
