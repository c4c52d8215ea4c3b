/** Where the lines of a text begin. */
import { LineCounter } from "yaml";

/** Of the text itself: the YAML parser leaves some out behind brackets that do not match. */
export function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  return lines;
}
