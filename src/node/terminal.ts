/** Asks questions on the terminal. */
import type { Terminal } from "../cli/io.ts";

/** Asks on standard error, because standard output may be a file. */
export async function openTerminal(): Promise<Terminal | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = process.getBuiltinModule("node:readline");
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  // When several lines are pasted, answers arrive before their questions.
  const lines: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let closed = false;
  const answer = () => {
    if (waiting === undefined || (lines.length === 0 && !closed)) return;
    const resolve = waiting;
    waiting = undefined;
    resolve(lines.shift());
  };
  readline.on("line", (line) => {
    lines.push(line);
    answer();
  });
  readline.on("close", () => {
    closed = true;
    answer();
  });
  readline.on("SIGINT", () => readline.close());
  return {
    ask: (question) =>
      new Promise((resolve) => {
        waiting = resolve;
        if (closed) return answer();
        readline.setPrompt(question);
        readline.prompt();
        answer();
      }),
    close: () => readline.close(),
  };
}
