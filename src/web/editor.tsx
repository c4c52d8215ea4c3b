/** The description as YAML, with the problems at their lines. */
import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Diagnostic, Severity } from "../core/problems/diagnostic.ts";
import { marksIn } from "../core/problems/marks.ts";
import { paint } from "./paint.ts";
import { Problem } from "./problems.tsx";
import { tokensOf } from "./tokens.ts";
import { words } from "./words.ts";

interface Props {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly onText: (text: string) => void;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly onHelp: (diagnostic: Diagnostic) => void;
}

/** Lines that get a number: more would make typing slow. */
const numbered = 3000;

const severities: readonly Severity[] = ["error", "warning", "note"];

export function Editor({ text, diagnostics, onText, area, onHelp }: Props) {
  const [open, setOpen] = useState<number | undefined>(undefined);
  const below = useRef<HTMLPreElement>(null);
  const lines = useMemo(() => text.split("\n"), [text]);
  useLayoutEffect(() => {
    if (below.current === null) return undefined;
    const markOf = marksIn(text);
    const marks = diagnostics.map((diagnostic) => ({ kind: diagnostic.severity, ...markOf(diagnostic) }));
    return paint(below.current, [...tokensOf(text, "yaml"), ...marks]);
  }, [text, diagnostics]);
  const worst = new Map(severities.toReversed().flatMap((severity) => diagnostics.filter((diagnostic) => diagnostic.severity === severity).map((diagnostic) => [diagnostic.line, diagnostic] as const)));
  const here = diagnostics.filter(({ line }) => line === open);
  return (
    <div class="editor">
      <div class="gutter">
        {lines.slice(0, numbered).map((_line, index) => {
          const diagnostic = worst.get(index + 1);
          if (diagnostic === undefined) return <span key={index}>{index + 1}</span>;
          const { severity, message } = diagnostic;
          return <button key={index} type="button" class={severity} title={message} aria-label={`${words.line(index + 1)}, ${words.severity[severity]}: ${message}`} aria-expanded={open === index + 1} onClick={() => setOpen(open === index + 1 ? undefined : index + 1)}>{index + 1}</button>;
        })}
      </div>
      <div class="sheet">
        {/* The last line needs something in it to have a height. */}
        <pre ref={below} aria-hidden="true">{`${text} `}</pre>
        <textarea id="yaml" ref={area} value={text} spellcheck={false} autocapitalize="off" autocomplete="off" wrap="off" aria-label={words.yamlLabel} aria-invalid={diagnostics.some(({ severity }) => severity === "error")} aria-describedby="state" onInput={({ currentTarget }) => onText(currentTarget.value)} />
        {here.length === 0 || open === undefined ? null : (
          <div class="at-line" style={{ top: `calc(${open} * 1.6em + .9rem)` }}>
            {here.map((diagnostic) => <Problem key={diagnostic.code + diagnostic.message} diagnostic={diagnostic} onHelp={onHelp} />)}
            <button type="button" class="small" onClick={() => setOpen(undefined)}>{words.close}</button>
          </div>
        )}
      </div>
    </div>
  );
}
