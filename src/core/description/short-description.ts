/** A description with only the keys that it sets. */
import { flow } from "../yaml/flow.ts";
import type { Draft, Value } from "./new-description.ts";

/** The draft as YAML: a line per key, and a block for each mapping at the top. */
export function shortDescription(draft: Draft): string {
  return lines(draft).map((line) => `${line}\n`).join("");
}

function lines(draft: Draft): string[] {
  return Object.entries(draft).flatMap(([key, value]) => (isMapping(value) ? [`${key}:`, ...Object.entries(value).map(([inner, set]) => `  ${inner}: ${flow(set)}`)] : [`${key}: ${flow(value)}`]));
}

function isMapping(value: Value): value is Draft {
  return typeof value === "object" && !Array.isArray(value);
}
