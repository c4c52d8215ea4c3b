/** Hides secrets in text. */
import { hidden } from "./mark.ts";
import { type Span, secretSpans } from "./spans.ts";

/** The text with a mark instead of each secret. The number of lines does not change. */
export function withoutSecrets(text: string): string {
  return hide(text, 0, text.length, secretSpans(text)).shown;
}

/** The same for a sentence, or for a value that is repeated in one. */
export function discreetly(words: string): string {
  return hide(words, 0, words.length, secretSpans(words, "prose")).shown;
}

/** A part of a text with the spans hidden, and a function from offsets in the text to offsets in the result. */
export function hide(text: string, from: number, to: number, spans: readonly Span[]): { readonly shown: string; readonly place: (offset: number, side: "start" | "end") => number } {
  const inside = spans.filter(({ start, end }) => start < to && end > from);
  if (inside.length === 0) return { shown: text.slice(from, to), place: (offset) => offset - from };
  let shown = "";
  let at = from;
  const marks = inside.map(({ start, end }) => {
    shown += text.slice(at, Math.max(at, start));
    const mark = { start, end, at: shown.length };
    shown += hidden;
    at = Math.min(end, to);
    return mark;
  });
  shown += text.slice(at, to);
  const place = (offset: number, side: "start" | "end"): number => {
    const mark = marks.findLast(({ start }) => (side === "start" ? start <= offset : start < offset));
    if (mark === undefined) return offset - from;
    if (offset < mark.end) return side === "start" ? mark.at : mark.at + hidden.length;
    return mark.at + hidden.length + offset - mark.end;
  };
  return { shown, place };
}
