/** Reads the plain data of a description. */
import type { Value } from "../core/description/new-description.ts";
import { pointerTokens } from "../core/yaml/locate.ts";

/** The value at a pointer, or undefined. */
export function valueAt(data: unknown, pointer: string): unknown {
  return pointerTokens(pointer).reduce(childOf, data);
}

function childOf(value: unknown, token: string): unknown {
  if (Array.isArray(value)) return value[Number(token)];
  return isMapping(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values of JSON are the same. */
export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Data as a value to write. */
export function asValue(data: unknown): Value {
  return JSON.parse(JSON.stringify(data));
}
