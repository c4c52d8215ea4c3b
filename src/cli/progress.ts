/** A line on the terminal that says how far a long run has come. */
import type { OutputStream } from "./io.ts";

export interface Progress {
  /** @param done of all */
  show(done: number): void;
  /** Takes the line away, before something else is written or at the end. */
  clear(): void;
}

/** Fewer than these are done before one could read the line. */
const fewest = 200;

/** Milliseconds between two states of the line. */
const interval = 100;

const eraseLine = "\r\u001b[K";

/** @param verb what is done: `Checking` */
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
