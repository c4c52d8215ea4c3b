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

/** The beginning or the end of a part of a text. */
type Side = "start" | "end";

interface Hidden {
  /** The text with the spans hidden. */
  readonly shown: string;
  /** From an offset in the text to that in what is shown. */
  readonly place: (offset: number, side: Side) => number;
  /** The reverse. The whole secret is at a mark. */
  readonly offset: (place: number, side: Side) => number;
}

/** A part of a text with the spans hidden. */
export function hide(text: string, from: number, to: number, spans: readonly Span[]): Hidden {
  const inside = spans.filter(({ start, end }) => start < to && end > from);
  if (inside.length === 0) return { shown: text.slice(from, to), place: (offset) => offset - from, offset: (place) => from + place };
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
  const place = (offset: number, side: Side): number => {
    const mark = marks.findLast(({ start }) => (side === "start" ? start <= offset : start < offset));
    if (mark === undefined) return offset - from;
    if (offset < mark.end) return side === "start" ? mark.at : mark.at + hidden.length;
    return mark.at + hidden.length + offset - mark.end;
  };
  const offset = (place: number, side: Side): number => {
    const mark = marks.findLast(({ at }) => (side === "start" ? at <= place : at < place));
    if (mark === undefined) return from + place;
    const behind = place - mark.at - hidden.length;
    return behind < 0 || (behind === 0 && side === "end") ? mark[side] : mark.end + behind;
  };
  return { shown, place, offset };
}
