/** The sentences of the page. Those about a description come from the core and from the schema. */
import { serverIds, servers } from "../core/site/servers.ts";
import type { MergeOptions } from "../core/mailcow-conf/merge.ts";
import { targetIds, targets } from "./targets.ts";
import type { Refusal } from "./link.ts";

export const words = {
  title: "mailcow-proxy",
  claim: "Put a reverse proxy in front of your mailcow.",
  promise: "Type the name of your mail server. The files are made in this page, and nothing leaves it.",
  hostname: "Name of your mail server",
  source: "Description",
  form: "Form",
  yaml: "YAML",
  yamlLabel: "Description in YAML",
  yamlBroken: "The form cannot read the YAML. Correct it there first.",
  situations: "Start from a situation",
  open: "Open mailcow.conf",
  copyLink: "Copy link",
  undo: "Undo",
  redo: "Redo",
  reset: (name: string) => `Reset ${name}`,
  files: "Files",
  all: "All files as .tar.gz",
  copy: "Copy",
  copied: "Copied",
  download: "Download",
  changes: "What changed",
  changed: "changed since you copied it",
  stale: "These are the files before the mistake.",
  run: "What to run",
  copyCommands: "Copy the commands",
  installAs: "Install as",
  paste: "Text to paste. Its first lines say where.",
  onMailcow: "on mailcow's host",
  modeOf: (mode: string, group: string | undefined) => `mode ${mode}${group === undefined ? "" : `, group ${group}`}`,
  problems: "Problems",
  line: (line: number) => `Line ${line}`,
  refused: (line: number | undefined, why: string) => (line === undefined ? why : `The file was not opened. Line ${line}: ${why}.`),
  field: "Show the field",
  more: "more",
  defaultOf: (value: string) => `Default: ${value}`,
  absent: "not set",
  emptyText: 'Set to "" (empty)',
  linesHint: "One per line",
  addEntry: (name: string) => `Add to ${name}`,
  removeEntry: (position: number) => `Remove entry ${position}`,
  entry: (position: number) => `Entry ${position}`,
  entriesInYaml: (count: number) => `${count} more entries are only in the YAML.`,
  set: (count: number) => (count === 1 ? "1 set" : `${count} set`),
  essentials: "The host",
  general: "Names and packages",
  drop: "Drop a mailcow.conf, another file of mailcow, or a description here",
  opened: "The description is now from your mailcow.conf.",
  openedDescription: "The description is now from your file.",
  chosen: (title: string) => `The description is now for: ${title}.`,
  loaded: "The description is from the link.",
  openedMerged: (name: string) => `Your ${name} is open, in a tab of its own.`,
  yours: (name: string) => `Your ${name}`,
  mergedPromise: "This file stays in this page. It is in no link, and it is gone when you close the page.",
  mergedNothing: "Your file already has all values of the description. Nothing changes.",
  mergedChanges: "What changes",
  mergedBefore: "before",
  mergedAfter: "after",
  mergedKey: "key",
  mergedAbsent: "(absent)",
  mergedEmpty: "(empty)",
  mergedDiff: "The same as a diff, without secrets",
  mergedFile: "The new file, without secrets",
  mergedDownload: (name: string) => `Download the new ${name}`,
  mergedSecrets: "It holds the secrets of the old one. Keep it as safe.",
  mergedRefused: "There is no new file yet, because of the errors below.",
  mergedInvalid: "The description has an error. Correct it first.",
  mergedUnneeded: (titles: readonly string[]) => `No target of the description sets values in this file.${titles.length === 0 ? "" : ` Add one to the targets: ${titles.join(", ")}.`}`,
  /** With the option of the command, which help texts name. */
  mergeOptions: {
    removeEntries: ["Remove list entries that the description does not have", "--remove-entries"],
    renameHostname: ["Replace another MAILCOW_HOSTNAME", "--rename-hostname"],
  } satisfies Record<keyof MergeOptions, readonly [string, string]>,
  mergedClose: "Close this file",
  mergedProblems: "In your file",
  mergedOffer: "If you have this file already, open it to keep what is in it.",
  mergedOpen: (name: string) => `Open your ${name}`,
  tooLarge: "This file is too large for a description or a file of mailcow.",
  notText: "This file is not text in UTF-8.",
  linkCopied: "The link is copied. It holds the whole description.",
  linkLocal: "The link is copied. It holds the whole description, and works only where this file is.",
  linkHashes: "The link is copied. It holds the whole description with its password hashes.",
  linkRefused: {
    "other-version": "This link is from another version of the page, which this one cannot read.",
    "too-long": "The description in this link is too large, so it was not read.",
    "broken": "This link is damaged or incomplete, so it was not read.",
  } satisfies Record<Refusal, string>,
  copyFailed: "The browser does not allow copying here. Select the text and copy it yourself.",
  broken: "The page could not do that. This is a fault of the page. The description is unchanged.",
  dismiss: "Close this message",
  toFiles: "To the files",
  close: "Close",
  foot: "Nothing you type or open leaves this page: it makes no requests, stores nothing and counts nobody.",
  state: (files: number, errors: number, warnings: number) => {
    const said = [errors > 0 ? counted(errors, "error") : counted(files, "file"), ...(warnings > 0 ? [counted(warnings, "warning")] : [])];
    return said.join(", ");
  },
  severity: { error: "Error", warning: "Warning", note: "Note" },
} as const;

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Words that are not written as they stand in a key. */
const spelled: Readonly<Record<string, string>> = { http: "HTTP", https: "HTTPS", tls: "TLS", hsts: "HSTS", sni: "SNI", acme: "ACME", dns: "DNS", ipv4: "IPv4", ipv6: "IPv6", smtp: "SMTP", imap: "IMAP", pop3: "POP3", dkim: "DKIM", mta: "MTA", url: "URL", id: "ID", openssl: "OpenSSL", mailcow: "mailcow", proxy_protocol: "PROXY protocol", ...Object.fromEntries(serverIds.map((id) => [id, servers[id].title])) };

/** The title of a target, with the end of its ID if another one has the same. It is its ID until the target is here. */
export function titleOf(id: string): string {
  const known: Readonly<Record<string, { readonly title: string } | undefined>> = targets;
  const title = known[id]?.title;
  if (title === undefined) return spelled[id] ?? id;
  const first = targetIds.find((other) => known[other]?.title === title);
  if (first === undefined || first === id) return title;
  return `${title} ${id.startsWith(`${first}-`) ? id.slice(first.length + 1) : `(${id})`}`;
}

/** A key as a label: `mail_domains` as "Mail domains". */
export function labelOf(key: string): string {
  const label = spelled[key] ?? key.split("_").map((word) => spelled[word] ?? word).join(" ");
  return label === key && label in spelled ? label : label.charAt(0).toUpperCase() + label.slice(1);
}

/** The first sentence of a description, and the others. */
export function sentences(text: string): readonly [first: string, others: string] {
  const end = /[.:] (?=[A-Z"])/.exec(text);
  return end === null || text.length < 90 ? [text, ""] : [text.slice(0, end.index + 1).replace(/:$/, "."), text.slice(end.index + 2)];
}
