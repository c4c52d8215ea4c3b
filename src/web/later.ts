/** Parts of the page that arrive after its first view: templates of further targets, and what writes YAML. */
import type { Target } from "../core/output/target.ts";
import type { Part } from "./templates.ts";

const waiting = new Map<string, Part[]>();
const empty = new Set<object>();

/** A template that is filled later. Called by the modules that build/web/templates.js makes of templates. */
export function later(path: string): readonly Part[] {
  const parts: Part[] = [];
  waiting.set(path, parts);
  empty.add(parts);
  return parts;
}

export function fill(templates: Readonly<Record<string, readonly Part[]>>): void {
  for (const [path, parts] of waiting) {
    for (const part of templates[path] ?? []) parts.push(part);
    empty.delete(parts);
  }
  waiting.clear();
}

/** Whether all templates of a target are here. */
export function isReady({ templates, fragments = {} }: Target): boolean {
  return empty.size === 0 || ![...Object.values(templates), ...Object.values(fragments).map(({ specification }) => specification)].some((template) => empty.has(template));
}

type Writer = Readonly<Record<string, (...values: never[]) => unknown>>;

let writer: Writer = {};

/** The function of yaml's writer with this name. Called by the modules in place of those of yaml. */
export function writing(name: string): (...values: never[]) => unknown {
  return (...values) => {
    const write = writer[name];
    if (write === undefined) throw new Error("the writer of YAML is not here yet");
    return write(...values);
  };
}

export function bringWriter(functions: Writer): void {
  writer = functions;
}
