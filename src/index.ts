/**
 * mailcow-proxy as a library: text in, files and diagnostics out. It needs no disk, no network and no Node.
 */
export { type GenerateOptions, type GenerateResult, generate, validate } from "./library.ts";
export { type ConfDescription, type MergedConf, describeMailcowConf, mergeMailcowConf } from "./library-mailcow-conf.ts";
export { type DocumentEdit, applyEdits } from "./core/yaml/apply-edits.ts";
export type { MergeOptions } from "./core/mailcow-conf/merge.ts";
export type { MergedChange } from "./core/merged/values.ts";
export type { Diagnostic, Severity } from "./core/problems/diagnostic.ts";
export type { Edit, EditValue } from "./core/problems/edit.ts";
export type { OutputFile } from "./core/output/output-file.ts";
export type { Code } from "./core/problems/problem.ts";
export type { TargetId } from "./core/output/target-id.ts";
