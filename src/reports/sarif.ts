/** Diagnostics as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning. */
import { rows } from "../../docs/diagnostics.md?rows";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { visibleJson } from "../core/visible.ts";
import { fingerprints, markedText } from "./fingerprint.ts";
import { type Reported, diagnosticsOf, plainPath } from "./report.ts";

export function sarifReport(results: readonly Reported[]): string {
  const diagnostics = diagnosticsOf(results);
  const levels = new Map(diagnostics.map(({ code, severity }) => [code, severity]));
  const ids = [...levels.keys()].toSorted();
  const fingerprint = fingerprints();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "mailcow-proxy", rules: ids.map((id) => ({ ...about(id), defaultConfiguration: { level: levels.get(id) } })) } },
        columnKind: "unicodeCodePoints",
        originalUriBaseIds: { [root]: { description: { text: "The working directory." } } },
        results: diagnostics.map((diagnostic) => result(diagnostic, ids.indexOf(diagnostic.code), fingerprint(diagnostic))),
      },
    ],
  };
  return `${visibleJson(log)}\n`;
}

/** The usual name for the root of a repository. */
const root = "%SRCROOT%";

function about(id: string) {
  const markdown = rows[id] ?? id;
  const [first = markdown] = markdown.split(/(?<=\.) /);
  const plain = (text: string) => text.replaceAll("`", "");
  return { id, shortDescription: { text: plain(first) }, fullDescription: { text: plain(markdown) }, help: { text: plain(markdown), markdown } };
}

function result(diagnostic: Diagnostic, ruleIndex: number, fingerprint: string) {
  const { code, severity, file, line, column, length, source, message, help } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: messageText(help === undefined ? message : `${message}\nhelp: ${help}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(file),
          region: { startLine: line, ...(source === undefined ? {} : { startColumn: column, endColumn: column + length, snippet: { text: markedText(diagnostic) } }) },
          // A description can be one very long line, which each diagnostic would repeat.
          ...(source !== undefined && source.length <= maxContext ? { contextRegion: { startLine: line, snippet: { text: source } } } : {}),
        },
      },
    ],
    partialFingerprints: { "place/v1": fingerprint },
  };
}

/** The longest line, in characters, that is included as context. */
const maxContext = 1000;

/** The file's URI, percent-encoded; relative to the working directory if the path was given that way. */
function artifact(file: string) {
  if (file === "-") return { uri: file, description: { text: "Standard input." } };
  const path = plainPath(file).split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? { uri: `file://${path}` } : { uri: path, uriBaseId: root };
}

/** Escapes what SARIF reads as a placeholder or link. Other braces are not escaped, because few readers decode them. */
function messageText(text: string): string {
  return text.replaceAll(/\{(\d+)\}/g, "{{$1}}").replaceAll("](", "\\](");
}
