/** Diagnostics as text for people. */
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { unprintable, visible } from "../core/visible.ts";

export interface TextOptions {
  /** ANSI colours, for a terminal. */
  readonly color: boolean;
  /** The most columns of a source line that are shown. */
  readonly width?: number;
}

const usualWidth = 100;

const colors: Record<Severity | "strong" | "mark" | "dim", string> = {
  error: "1;31",
  warning: "1;33",
  note: "1;36",
  strong: "1",
  mark: "1;32",
  dim: "2",
};

/** One block per diagnostic: `file:line:column: error: sentence [code]`, the line, carets, and the help. */
export function textReport(diagnostics: readonly Diagnostic[], { color, width = usualWidth }: TextOptions): string {
  const paint = (style: keyof typeof colors, text: string) => (color ? `\u001b[${colors[style]}m${text}\u001b[0m` : text);
  return diagnostics
    .map((diagnostic) => {
      const { severity, file, line, column, message, code, help } = diagnostic;
      const gutter = String(line);
      const blank = " ".repeat(gutter.length);
      return [
        `${paint("strong", `${visible(file)}:${line}:${column}:`)} ${paint(severity, `${severity}:`)} ${paint("strong", message)} ${paint("dim", `[${code}]`)}`,
        ...excerpt(diagnostic, width).flatMap(({ text, indent, length }) => [
          ` ${paint("dim", `${gutter} |`)} ${text}`.trimEnd(),
          ` ${paint("dim", `${blank} |`)} ${" ".repeat(indent)}${paint("mark", "^".repeat(length))}`,
        ]),
        ...(help === undefined ? [] : [` ${blank} ${paint("mark", "help:")} ${help}`]),
        "",
      ].join("\n");
    })
    .join("");
}

/** `1 error, 2 warnings`, or an empty text without diagnostics. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning", "note"] as const)
    .map((severity) => ({ severity, count: diagnostics.filter((diagnostic) => diagnostic.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}

/** The part of a line around the mark, with one column per character; empty if the line is not shown. */
function excerpt({ source, column, length }: Diagnostic, window: number): { text: string; indent: number; length: number }[] {
  if (source === undefined) return [];
  const characters = Array.from(source);
  const start = characters.length <= window ? 0 : Math.max(0, Math.min(column - 1 - window / 2, characters.length - window));
  const shown = characters.slice(start, start + window).map((character) => (unprintable.test(character) ? "\u00b7" : character));
  const head = start > 0 ? "…" : "";
  const tail = start + window < characters.length ? "…" : "";
  const indent = column - 1 - start + head.length;
  return [{ text: `${head}${shown.join("")}${tail}`, indent, length: Math.max(1, Math.min(length, shown.length + head.length - indent)) }];
}
