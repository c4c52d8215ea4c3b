/** Text in the colours of its language. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { paint } from "./paint.ts";
import { tokensOf } from "./tokens.ts";

interface Props {
  readonly text: string;
  readonly label: string;
  /** Without colours. */
  readonly plain: boolean;
}

export function Code({ text, label, plain }: Props) {
  const element = useRef<HTMLPreElement>(null);
  const tokens = useMemo(() => (plain ? [] : tokensOf(text)), [text, plain]);
  useLayoutEffect(() => (element.current === null ? undefined : paint(element.current, tokens)), [tokens, text]);
  // It scrolls, so the keyboard has to reach it.
  return <pre class="code" ref={element} tabIndex={0} role="region" aria-label={label}>{text}</pre>;
}
