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

/** @param file 1 or 2 */
export function output(file: 1 | 2): OutputStream {
  const stats = fstatSync(file);
  const stream = () => streamed(file === 1 ? process.stdout : process.stderr);
  return stats.isFile() || stats.isFIFO() || stats.isSocket() ? written(file, stream) : stream();
}

/** @param stream writes instead when the reader is slow and its pipe is non-blocking */
function written(file: number, stream: () => OutputStream): OutputStream {
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
          return report(error);
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

function streamed(stream: NodeJS.WriteStream): OutputStream {
  streamsInUse = true;
  let broken = false;
  stream.on("error", (error) => {
    broken = true;
    report(error);
  });
  return {
    write: (text) => void stream.write(text),
    drained: () => (stream.writableNeedDrain && !broken ? settled(stream) : Promise.resolve()),
    isTerminal: stream.isTTY && process.env["TERM"] !== "dumb",
    columns: stream.columns,
  };
}

function report(error: unknown): void {
  // It is not an error when the reader stops early (`| head -1`).
  if (codeOf(error) === "EPIPE") return;
  process.exitCode = exitStatus.surroundings;
  streamsInUse = true;
  process.stderr.write(`mailcow-proxy: ${failure("write", "to standard output", error).message}\n`);
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
