/** Writes data as one line of YAML, for generated files and for help texts. */

/** Text is put in quotes only where YAML needs them, in lists too. */
export function flow(value: unknown): string {
  if (typeof value === "string") return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`).join(", ")} }`;
}

function isPlain(text: string): boolean {
  return /^[A-Za-z0-9/][A-Za-z0-9._/@+=-]*$/.test(text) && Number.isNaN(Number(text)) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
}
