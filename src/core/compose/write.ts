/** Writes values of a compose file as YAML. */
import type { ComposeMapping, ComposeValue } from "../merged/values.ts";
import { flow } from "../yaml/flow.ts";

export function isMapping(value: ComposeValue): value is ComposeMapping {
  return typeof value === "object" && !Array.isArray(value);
}

/** A key without a value, such as an entry of `networks`. */
export function isEmpty(value: ComposeValue): boolean {
  return isMapping(value) && Object.keys(value).length === 0;
}

/** A text as it is written in a compose file, where `$` begins a variable. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** Stands on the line of what a target has written, which a later run may change. */
export function markOf(target: string): string {
  return ` # mailcow-proxy ${target}`;
}

/** A value in one line of YAML. */
export function inline(value: ComposeValue): string {
  if (typeof value === "string") return flow(literal(value));
  if (!isMapping(value)) return `[${value.map(inline).join(", ")}]`;
  return `{ ${Object.entries(value).map(([key, inner]) => `${flow(key)}: ${isEmpty(inner) ? "null" : inline(inner)}`).join(", ")} }`;
}

/** How a mapping is written in lines of its own. */
interface Layout {
  /** The column of its keys, from 0. */
  readonly column: number;
  /** The columns by which a mapping inside it is indented. */
  readonly step: number;
  readonly lineEnd: string;
  /** The number of keys above it. */
  readonly depth: number;
  /** What stands behind each key of a service, and holds for all below the key; of `labels`, behind each label. */
  readonly mark: string;
}

/** The number of keys above those of a service: `services`, and its name. */
const ofService = 2;

export function block(mapping: ComposeMapping, layout: Layout): string {
  const { column, step, lineEnd, depth } = layout;
  return Object.entries(mapping)
    .map(([key, value]) => {
      // Labels of the administrator may stand among these.
      const mark = depth >= ofService && !(depth === ofService && key === "labels" && isMapping(value)) ? layout.mark : "";
      const inside = { ...layout, column: column + step, depth: depth + 1, mark: mark === "" ? layout.mark : "" };
      const own = `${" ".repeat(column)}${flow(key)}:`;
      if (isEmpty(value)) return `${own}${mark}${lineEnd}`;
      if (!isMapping(value)) return `${own} ${inline(value)}${mark}${lineEnd}`;
      return `${own}${mark}${lineEnd}${block(value, inside)}`;
    })
    .join("");
}

/** The values of one target for the services of a compose file, as a document. */
export function composeDocument(services: Readonly<Record<string, ComposeMapping>>, target: string): string {
  return block({ services }, { column: 0, step: 2, lineEnd: "\n", depth: 0, mark: markOf(target) });
}
