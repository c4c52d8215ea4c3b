/** Entries in lists of names: a name, or a pattern for several names. */
import { type HostNameFault, toHostName } from "../host-name.ts";

/** `text` is the entry in lower case and with A-labels, as in mailcow.conf. */
export type NameEntry =
  /** One host name. */
  | { readonly kind: "name"; readonly text: string }
  /** `imap.*`: one or more labels before each mail domain. */
  | { readonly kind: "label"; readonly text: string; readonly label: string }
  /** `*.example.org`: every name with one more label. For certificates only. */
  | { readonly kind: "wildcard"; readonly text: string; readonly domain: string };

/** The entry, or what is wrong with it. */
export function toNameEntry(text: string): NameEntry | { readonly fault: HostNameFault } {
  if (text.endsWith(".*") && text.length > 2) {
    // Check the label with a domain after it, because a host name needs one.
    const result = toHostName(`${text.slice(0, -2)}${anyDomain}`);
    if ("fault" in result) return result;
    const label = result.name.slice(0, -anyDomain.length);
    return { kind: "label", text: `${label}.*`, label };
  }
  const wildcard = text.startsWith("*.");
  const result = toHostName(wildcard ? text.slice(2) : text);
  if ("fault" in result) return result;
  return wildcard ? { kind: "wildcard", text: `*.${result.name}`, domain: result.name } : { kind: "name", text: result.name };
}

const anyDomain = ".example.org";

/** The entry for text that the schema has accepted. */
export function nameEntry(text: string): NameEntry {
  const entry = toNameEntry(text);
  if ("fault" in entry) throw new Error(`the schema let a name pass: ${text}`);
  return entry;
}

/** Whether the wildcard covers the name: the asterisk stands for one label (RFC 9525, section 6.3). */
export function wildcardCovers(domain: string, name: string): boolean {
  return name.slice(name.indexOf(".") + 1) === domain;
}
