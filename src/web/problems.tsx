/** Problems at their field, and in a list with links to field and line. */
import { useState } from "preact/hooks";
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { counted, words } from "./words.ts";

interface OneProps {
  readonly diagnostic: Diagnostic;
  readonly id?: string;
  /** Makes the changes of the help, if it can be a button. */
  readonly onHelp?: (diagnostic: Diagnostic) => void;
  readonly children?: preact.ComponentChildren;
}

export function Problem({ diagnostic, id, onHelp, children }: OneProps) {
  const { severity, message, help, edits, code } = diagnostic;
  return (
    <div class={`problem ${severity}`}>
      <p id={id}>
        <span class="severity">{words.severity[severity]}</span> {message} <code class="quiet">{code}</code>
      </p>
      {help === undefined ? null : edits.length === 0 || onHelp === undefined ? <p class="help">{capital(help)}</p> : <p><button type="button" class="help" onClick={() => onHelp(diagnostic)}>{capital(help)}</button></p>}
      {children}
    </div>
  );
}

interface ListProps {
  readonly diagnostics: readonly Diagnostic[];
  readonly onHelp: (diagnostic: Diagnostic) => void;
  readonly onLine: (diagnostic: Diagnostic) => void;
  /** Undefined if no field shows it. */
  readonly fieldOf: (diagnostic: Diagnostic) => (() => void) | undefined;
}

export function Problems({ diagnostics, onHelp, onLine, fieldOf }: ListProps) {
  const failed = diagnostics.some(({ severity }) => severity === "error");
  // Warnings wait to be asked for; each reader decides once.
  const [open, setOpen] = useState<boolean | undefined>(undefined);
  if (diagnostics.length === 0) return null;
  const worst = severities.find((severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity)) ?? "note";
  return (
    <details class="problems" id="problems" open={failed || open === true} onToggle={({ currentTarget }) => failed || setOpen(currentTarget.open)}>
      <summary class={worst}>{severities.flatMap((severity) => countOf(diagnostics, severity)).join(", ")}</summary>
      <ul tabIndex={0} aria-label={words.problems}>
        {diagnostics.map((diagnostic) => {
          const toField = fieldOf(diagnostic);
          return (
            <li key={`${diagnostic.code} ${diagnostic.line} ${diagnostic.column} ${diagnostic.message}`}>
              <Problem diagnostic={diagnostic} onHelp={onHelp}>
                <p class="links">
                  {toField === undefined ? null : <button type="button" class="link" onClick={toField}>{words.field}</button>}
                  <button type="button" class="link" onClick={() => onLine(diagnostic)}>{words.line(diagnostic.line)}</button>
                </p>
              </Problem>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

const severities: readonly Severity[] = ["error", "warning", "note"];

function countOf(diagnostics: readonly Diagnostic[], severity: Severity): string[] {
  const { length } = diagnostics.filter((diagnostic) => diagnostic.severity === severity);
  return length === 0 ? [] : [counted(length, severity)];
}

/** Help begins with a verb, or with a command that keeps its case. */
function capital(text: string): string {
  return /^[a-z]+[ ,]/.test(text) && !/^(?:docker|mailcow)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
