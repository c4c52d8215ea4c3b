/** What the page needs to change a description. It arrives right after the first view. */
import { functions, tags } from "yaml-writer";
import { bringWriter } from "./writer.ts";

bringWriter(functions, tags);

export { applyEdits } from "../core/yaml/apply-edits.ts";
