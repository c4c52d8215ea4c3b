/** What the page does beyond its first view: editing, mailcow's files, differences and archives. It arrives after that view. */
import { functions, tags } from "yaml-writer";
import { bringWriter } from "./writer.ts";

bringWriter(functions, tags);

export { describeMailcowConf } from "../library-mailcow-conf.ts";
export { mergedFileAt, mergedFileIn, mergedFileNamed, mergedFiles } from "../pipeline/merged-files.ts";
export { mergeFile } from "./merge-file.ts";
export { unifiedDiff } from "../comparison/unified-diff.ts";
export { applyEdits } from "../core/yaml/apply-edits.ts";
export { archive } from "./archive.ts";
