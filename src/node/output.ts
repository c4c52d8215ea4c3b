/**
 * Standard output and standard error. Loading Node's streams takes a tenth of a run. For files and pipes they do what a
 * system call does: writing waits for the reader.
 */
import { fstatSync, writeSync } from "node:fs";
import { type OutputStream, exitStatus } from "../cli/io.ts";
import { codeOf, failure } from "./failure.ts";

let streamsInUse = false;

/** Whether Node's streams may have something to write yet. */
export const mayBeWriting = (): boolean => streamsInUse;

/** The streams by their file descriptors. */
const streams = { 1: () => process.stdout, 2: () => process.stderr } as const;

type File = keyof typeof streams;

export function output(file: File): OutputStream {
  const stats = fstatSync(file);
  const stream = () => streamed(file);
  return stats.isFile() || stats.isFIFO() || stats.isSocket() ? written(file, stream) : stream();
}

/** @param stream writes instead when the reader is slow and its pipe is non-blocking */
function written(file: File, stream: () => OutputStream): OutputStream {
  let broken = false;
  let instead: OutputStream | undefined;
  return {
    write(text) {
      if (instead !== undefined) return instead.write(text);
      if (broken) return;
      let rest = typeof text === "string" ? Buffer.from(text) : text;
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(file, rest));
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") {
          broken = true;
          return report(file, error);
        }
        instead = stream();
        instead.write(rest);
      }
    },
    drained: () => instead?.drained() ?? Promise.resolve(),
    isTerminal: false,
    columns: undefined,
  };
}

function streamed(file: File): OutputStream {
  const stream = streams[file]();
  streamsInUse = true;
  let broken = false;
  stream.on("error", (error) => {
    broken = true;
    report(file, error);
  });
  return {
    write: (text) => void stream.write(text),
    drained: () => (stream.writableNeedDrain && !broken ? settled(stream) : Promise.resolve()),
    isTerminal: stream.isTTY && process.env["TERM"] !== "dumb",
    columns: stream.columns,
  };
}

function report(file: File, error: unknown): void {
  // It is not an error when the reader stops early (`| head -1`).
  if (codeOf(error) === "EPIPE") return;
  process.exitCode = exitStatus.surroundings;
  if (file === 2) return;
  try {
    writeSync(2, `mailcow-proxy: ${failure("write", "to standard output", error).message}\n`);
  } catch {
    // Standard error fails as well, so only the exit status is left.
  }
}

/** Resolves on an error or close too: then there is no reader to wait for. */
function settled(stream: NodeJS.WriteStream): Promise<void> {
  const events = ["drain", "error", "close"];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}
