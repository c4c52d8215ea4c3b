/** What the page does beyond its first view: editing, mailcow.conf, differences and archives. It arrives after that view. */
import { functions, tags } from "yaml-writer";
import { bringWriter } from "./writer.ts";

bringWriter(functions, tags);

export { describeMailcowConf, mergeMailcowConf } from "../library-mailcow-conf.ts";
export { unifiedDiff } from "../comparison/unified-diff.ts";
export { applyEdits } from "../core/yaml/apply-edits.ts";
export { archive } from "./archive.ts";
