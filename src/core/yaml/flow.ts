/** Data as YAML in one line, for files that are written and for help that says what to write. */

/** Text that YAML takes for that text without quotes, in a list too, is written so; other text stands in quotes. */
export function flow(value: unknown): string {
  if (typeof value === "string") return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`).join(", ")} }`;
}

function isPlain(text: string): boolean {
  return /^[A-Za-z0-9/][A-Za-z0-9._/@+=-]*$/.test(text) && Number.isNaN(Number(text)) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
}
