/** The texts of the description so far, for undo and redo. */
export interface History {
  readonly before: readonly string[];
  readonly text: string;
  readonly after: readonly string[];
  /** What changed it last: changes by the same thing in quick succession are one step. */
  readonly by: string;
  /** Milliseconds, by the page's clock. */
  readonly at: number;
}

/** Steps that are kept. */
const most = 200;

const pause = 1000;

export function begun(text: string): History {
  return { before: [], text, after: [], by: "", at: 0 };
}

export function changed(history: History, text: string, by: string, at: number): History {
  if (text === history.text) return history;
  const goesOn = by === history.by && at - history.at < pause && history.before.length > 0;
  return { before: goesOn ? history.before : [...history.before.slice(1 - most), history.text], text, after: [], by, at };
}

export function undone({ before, text, after }: History): History {
  const last = before.at(-1);
  return last === undefined ? { before, text, after, by: "", at: 0 } : { before: before.slice(0, -1), text: last, after: [text, ...after], by: "", at: 0 };
}

export function redone({ before, text, after: [next, ...after] }: History): History {
  return next === undefined ? { before, text, after: [], by: "", at: 0 } : { before: [...before, text], text: next, after, by: "", at: 0 };
}
