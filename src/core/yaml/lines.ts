/** Finds the beginnings of the lines of a text. */
import { LineCounter } from "yaml";

/** Reads the text itself, because the YAML parser misses some lines after unmatched brackets. */
export function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  return lines;
}
