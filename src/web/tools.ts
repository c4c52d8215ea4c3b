/** What the page does with mailcow's files, and differences and archives. It arrives last. */
export { describeMailcowConf } from "../library-mailcow-conf.ts";
export { mergedFileAt, mergedFileIn, mergedFileNamed, mergedFiles } from "../pipeline/merged-files.ts";
export { mergeFile } from "./merge-file.ts";
export { unifiedDiff } from "../comparison/unified-diff.ts";
export { archive } from "./archive.ts";
