/** A line on the terminal that shows the progress of a long run. */
import type { OutputStream } from "./io.ts";

export interface Progress {
  /** @param done how many of all are done */
  show(done: number): void;
  /** Removes the line; call it at the end and before other output. */
  clear(): void;
}

/** Fewer items than this are done before anyone could read the line. */
const fewest = 200;

/** Milliseconds between updates of the line. */
const interval = 100;

const eraseLine = "\r\u001b[K";

/** @param verb the activity, e.g. `Checking` */
export function progress({ stderr }: { readonly stderr: OutputStream }, verb: string, all: number): Progress {
  if (!stderr.isTerminal || all < fewest) return { show: () => {}, clear: () => {} };
  let shown = Number.NEGATIVE_INFINITY;
  return {
    show(done) {
      const now = performance.now();
      if (now - shown < interval) return;
      shown = now;
      stderr.write(`${eraseLine}${verb} ${done} of ${all}`);
    },
    clear() {
      if (shown === Number.NEGATIVE_INFINITY) return;
      shown = Number.NEGATIVE_INFINITY;
      stderr.write(eraseLine);
    },
  };
}
