/** Host names: what one is, what is wrong with one that is not, and how it is written in ASCII. */

/** What keeps a text from being a fully qualified host name; `instead` is what to write, where that can be said. */
export type HostNameFault =
  | { readonly kind: "empty" | "single-label" | "underscore" | "address" | "too-long" }
  | { readonly kind: "trailing-dot" | "wildcard" | "scheme" | "port" | "space"; readonly instead: string }
  | { readonly kind: "label-too-long" | "label-empty" | "label-hyphen" | "top-level-digit" | "character" | "a-label"; readonly part: string };

/** DNS allows 253 characters in a name and 63 in a label (RFC 1035, section 2.3.4). */
export const maxNameLength = 253;
const maxLabelLength = 63;

/** The name in lower case with its A-labels, or what is wrong with it. */
export function toHostName(text: string): { readonly name: string } | { readonly fault: HostNameFault } {
  const shape = misshapen(text);
  if (shape !== undefined) return { fault: shape };
  const name = toAscii(text);
  if (name === undefined) return { fault: { kind: "a-label", part: text } };
  const fault = checkAscii(name);
  return fault === undefined ? { name } : { fault };
}

/** Things people write around a name, found before the name is looked at label by label. */
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
  // Most names need no more, and the tables of Unicode take long to load.
  if (/^[a-z0-9.-]+$/i.test(text)) return undefined;
  // Only what may become part of a name reaches the URL parser below.
  // Of what is not seen, the joiners alone mean something; the rest would vanish without a word.
  const odd = /(?!\p{Join_Control})\p{Default_Ignorable_Code_Point}|[^\p{L}\p{M}\p{N}\p{Join_Control}\u{b7}\u{30fb}.-]/u.exec(text);
  if (odd !== null) return { kind: "character", part: odd[0] };
  return undefined;
}

/** UTS #46 by the URL standard's host parser, which every JavaScript engine has; undefined when it refuses. */
function toAscii(text: string): string | undefined {
  // The parser takes its time over long hosts, and none this long can be a name.
  if (text.length > 4 * maxNameLength) return text;
  if (/^[\x00-\x7f]*$/.test(text) && !/(^|\.)xn--/i.test(text)) return text.toLowerCase();
  try {
    return new URL(`http://${text}/`).hostname;
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
  // Some servers answer such a Host with 400, and browsers take some of them for addresses.
  const topLevel = labels.at(-1) ?? "";
  if (/^\d/.test(topLevel)) return { kind: "top-level-digit", part: topLevel };
  return undefined;
}
