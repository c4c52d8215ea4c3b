/** Asks questions on the terminal. */
import type { Terminal } from "../cli/io.ts";

/** Asks on standard error, because standard output may be a file. */
export async function openTerminal({ hidden = false }: { readonly hidden?: boolean } = {}): Promise<Terminal | undefined> {
  if (!process.stdin.isTTY || !(hidden || process.stderr.isTTY)) return undefined;
  const { createInterface } = process.getBuiltinModule("node:readline");
  // readline turns the terminal's own echo off and writes what is typed itself, here to nowhere.
  const readline = createInterface(hidden ? { input: process.stdin, output: nowhere(), terminal: true, historySize: 0 } : { input: process.stdin, output: process.stderr });
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
    if (hidden) process.stderr.write("\n");
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
        readline.setPrompt(hidden ? "" : question);
        if (hidden) process.stderr.write(question);
        readline.prompt();
        answer();
      }),
    close: () => readline.close(),
  };
}

function nowhere(): NodeJS.WritableStream {
  const { Writable } = process.getBuiltinModule("node:stream");
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
