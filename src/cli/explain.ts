/** `explain`: prints what docs/diagnostics.md has on a code. */
import { nearest } from "../core/nearest.ts";
import { codes, severityOf } from "../core/problems/message.ts";
import { takes } from "./completion/completes.ts";
import { type Command, type ExitStatus, type Io, UsageError, exitStatus } from "./io.ts";

export const explainCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [code]`,
    "Explain the code of an error, warning or note",
    (command) =>
      command
        .positional("code", takes(codes, { type: "string", describe: "The code, as it stands in brackets behind a message; without it, all codes are listed" }))
        .example("mailcow-proxy explain port-reserved", "what the code means")
        .example("mailcow-proxy explain", "all codes"),
    ({ code }) => choose((io) => explain(io, code)),
  );

async function explain({ stdout }: Io, asked: string | undefined): Promise<ExitStatus> {
  if (asked === undefined) {
    const width = Math.max(...codes.map((code) => code.length));
    stdout.write(codes.map((code) => `${code.padEnd(width)}  ${severityOf(code)}\n`).join(""));
    return exitStatus.done;
  }
  // Messages show it in brackets.
  const word = asked.replace(/^\[(.*)\]$/s, "$1");
  const code = codes.find((candidate) => candidate === word);
  if (code === undefined) {
    const meant = nearest(word, codes);
    throw new UsageError(`Unknown code ${word}${meant === undefined ? "; to list all codes, run mailcow-proxy explain." : `; did you mean ${meant}?`}`);
  }
  // Few runs need the page, so it is not part of the program's first file.
  const { rows } = await import("../../docs/diagnostics.md?rows");
  stdout.write(`${code}: ${severityOf(code)}\n\n${wrapped(rows[code] ?? "", Math.min(stdout.columns ?? maxWidth, maxWidth))}`);
  return exitStatus.done;
}

/** Longer lines are hard to read. */
const maxWidth = 100;

/** The text in lines of at most so many columns, if its words allow it. */
function wrapped(text: string, width: number): string {
  let [line = "", ...rest] = text.split(" ");
  let lines = "";
  for (const word of rest) {
    if (line.length + 1 + word.length <= width) {
      line += ` ${word}`;
    } else {
      lines += `${line}\n`;
      line = word;
    }
  }
  return `${lines}${line}\n`;
}
