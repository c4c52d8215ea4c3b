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

/** The value that compose reads as the text, because `$` begins a variable there. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** Stands on the line of what a target has written, which a later run may change. */
export function markOf(target: string): string {
  return ` # mailcow-proxy ${target}`;
}

/** A value in one line of YAML. */
export function inline(value: ComposeValue): string {
  if (typeof value === "string") return flow(value);
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
  /** What stands behind each key of a service, and holds for all below the key; of `labels` and lists, behind each entry. */
  readonly mark: string;
}

/** The number of keys above those of a service: `services`, and its name. */
const ofService = 2;

export function block(mapping: ComposeMapping, layout: Layout): string {
  const { column, step, lineEnd, depth } = layout;
  return Object.entries(mapping)
    .map(([key, value]) => {
      // Labels and entries of the administrator may stand among these.
      const isShared = !isMapping(value) ? typeof value !== "string" : depth === ofService && key === "labels";
      const mark = depth >= ofService && !isShared ? layout.mark : "";
      const inside = { ...layout, column: column + step, depth: depth + 1, mark: mark === "" ? layout.mark : "" };
      const own = `${" ".repeat(column)}${flow(key)}:`;
      if (isEmpty(value)) return `${own}${mark}${lineEnd}`;
      if (typeof value === "string") return `${own} ${inline(value)}${mark}${lineEnd}`;
      if (!isMapping(value)) return `${own}${lineEnd}${value.map((one) => `${" ".repeat(column + step)}- ${inline(one)}${inside.mark}${lineEnd}`).join("")}`;
      return `${own}${mark}${lineEnd}${block(value, inside)}`;
    })
    .join("");
}

/** The values of one target for the services of a compose file, as a document. */
export function composeDocument(services: Readonly<Record<string, ComposeMapping>>, target: string): string {
  return block({ services }, { column: 0, step: 2, lineEnd: "\n", depth: 0, mark: markOf(target) });
}
