/** Checks host names and converts them to ASCII. */

/** Why a text is not a fully qualified host name. `instead` is what to write. */
export type HostNameFault =
  | { readonly kind: "empty" | "single-label" | "underscore" | "address" | "too-long" }
  | { readonly kind: "trailing-dot" | "wildcard" | "scheme" | "port" | "space"; readonly instead: string }
  | { readonly kind: "label-too-long" | "label-empty" | "label-hyphen" | "top-level-digit" | "character" | "a-label"; readonly part: string };

/** DNS allows at most 253 characters in a name and 63 in a label (RFC 1035, section 2.3.4). */
export const maxNameLength = 253;
const maxLabelLength = 63;

/** Whether the name is the label before a domain. */
export function isBelow(label: string, name: string): boolean {
  return name.startsWith(`${label}.`);
}

/** The name in lower case and with A-labels, or the fault. */
export function toHostName(text: string): { readonly name: string } | { readonly fault: HostNameFault } {
  const shape = misshapen(text);
  if (shape !== undefined) return { fault: shape };
  const name = toAscii(text);
  if (name === undefined) return { fault: { kind: "a-label", part: text } };
  const fault = checkAscii(name);
  return fault === undefined ? { name } : { fault };
}

/** The name of a host or, as a single label, of a container: `nginx-mailcow`. */
export function toUpstreamName(text: string): ReturnType<typeof toHostName> {
  const result = toHostName(text);
  if ("name" in result || result.fault.kind !== "single-label") return result;
  const name = toAscii(text);
  // Every host is localhost to itself, and the C library reads 0x7f as an address.
  return name === undefined || name === "localhost" || /^0x[0-9a-f]*$/.test(name) ? { fault: { kind: "address" } } : { name };
}

/** Faults around the name, such as a scheme or a port. They are found before the labels are checked. */
function misshapen(text: string): HostNameFault | undefined {
  if (text === "") return { kind: "empty" };
  if (text.trim() !== text) return { kind: "space", instead: text.trim() };
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text);
  if (scheme !== null) return { kind: "scheme", instead: (scheme[1] ?? "").replace(/^.*@/, "").replace(/:\d+$/, "") };
  const port = /^([^:/]*):\d+$/.exec(text);
  if (port !== null) return { kind: "port", instead: port[1] ?? "" };
  if (text.startsWith("*.")) return { kind: "wildcard", instead: text.slice(2) };
  if (/^[0-9.]+$/.test(text) || (text.includes(":") && /^[0-9a-f:.]+$/i.test(text))) return { kind: "address" };
  if (text.endsWith(".") && !text.endsWith("..")) return { kind: "trailing-dot", instead: text.slice(0, -1) };
  if (text.includes("_")) return { kind: "underscore" };
  // Most names are ASCII, and the Unicode tables load slowly.
  if (/^[a-z0-9.-]+$/i.test(text)) return undefined;
  // Pass only characters that may be part of a name to the URL parser below.
  // Of the invisible characters, only the joiners have a meaning; the parser would silently drop the others.
  const odd = /(?!\p{Join_Control})\p{Default_Ignorable_Code_Point}|[^\p{L}\p{M}\p{N}\p{Join_Control}\u{b7}\u{30fb}.-]/u.exec(text);
  if (odd !== null) return { kind: "character", part: odd[0] };
  return undefined;
}

/** Applies UTS #46 with the URL parser, which every JavaScript engine has. Undefined when it refuses the name. */
function toAscii(text: string): string | undefined {
  // The parser is slow with long hosts, and a host this long cannot be a name.
  if (text.length > 4 * maxNameLength) return text;
  const ascii = /^[\x00-\x7f]*$/.test(text);
  if (ascii && !/(^|\.)xn--/i.test(text)) return text.toLowerCase();
  try {
    // Chromium's parser looks at the A-labels of a name only if another label has letters outside ASCII.
    return ascii ? new URL(`http://${text}.\u00fc/`).hostname.replace(/\.xn--tda$/, "") : new URL(`http://${text}/`).hostname;
  } catch {
    return undefined;
  }
}

function checkAscii(name: string): HostNameFault | undefined {
  if (name.length > maxNameLength) return { kind: "too-long" };
  const labels = name.split(".");
  for (const label of labels) {
    if (label === "") return { kind: "label-empty", part: name };
    if (label.length > maxLabelLength) return { kind: "label-too-long", part: label };
    if (label.startsWith("-") || label.endsWith("-")) return { kind: "label-hyphen", part: label };
    const odd = /[^a-z0-9-]/.exec(label);
    if (odd !== null) return { kind: "character", part: odd[0] };
  }
  if (labels.length === 1) return { kind: "single-label" };
  // Some servers answer such a Host with 400, and browsers read some of them as addresses.
  const topLevel = labels.at(-1) ?? "";
  if (/^\d/.test(topLevel)) return { kind: "top-level-digit", part: topLevel };
  return undefined;
}
