/** The process as the program's surroundings. */
import { hash } from "node:crypto";
import { type Io, type OutputStream, exitStatus } from "../cli/io.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { createFile, editFile, exists, folderOf } from "./edit-file.ts";
import { failure } from "./failure.ts";
import { findFile, listFolder, readBytes } from "./files.ts";
import { keepMemorySmall } from "./memory.ts";
import { readTemplates } from "./templates.ts";
import { openTerminal } from "./terminal.ts";
import { writeTree } from "./write-tree.ts";

export function processIo(): Io {
  const cwd = process.cwd();
  // Node opens a stream when it is first asked for, and standard error is seldom written to.
  let stdout: OutputStream | undefined;
  let stderr: OutputStream | undefined;
  return {
    get stdout() {
      return (stdout ??= output(process.stdout));
    },
    get stderr() {
      return (stderr ??= output(process.stderr));
    },
    env: process.env,
    certificateFacts,
    now: () => Date.now(),
    editFile: (path, change) => editFile(cwd, path, change),
    createFile: (path, content) => createFile(cwd, path, content),
    exists: (path) => exists(cwd, path),
    folderOf: (path) => folderOf(cwd, path),
    openTerminal,
    sha256: (text) => hash("sha256", text),
    read: async (path, most) => (path === "-" ? standardInput(most) : readBytes(cwd, path, most)),
    find: async (path) => findFile(cwd, path),
    list: async (path) => listFolder(cwd, path),
    keepMemorySmall,
    writeTree: (folder) => writeTree(cwd, folder),
    readTemplates: (folder) => readTemplates(cwd, folder),
  };
}

async function standardInput(most = Infinity): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      if (!(chunk instanceof Uint8Array)) continue;
      chunks.push(chunk);
      length += chunk.length;
      // Leaving the loop closes the stream, which may have no end.
      if (length >= most) break;
    }
  } catch (error) {
    throw failure("read", "standard input", error);
  }
  return Buffer.concat(chunks).subarray(0, most);
}

function output(stream: NodeJS.WriteStream): OutputStream {
  // A reader that has seen enough (`| head -1`) is no fault.
  let broken = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    broken = true;
    if (error.code === "EPIPE") return;
    const { message } = failure("write", "to standard output", error);
    process.stderr.write(`mailcow-proxy: ${message}\n`);
    process.exitCode = exitStatus.surroundings;
  });
  return {
    write: (text) => void stream.write(text),
    drained: () => (stream.writableNeedDrain && !broken ? settled(stream) : Promise.resolve()),
    isTerminal: stream.isTTY && process.env["TERM"] !== "dumb",
    columns: stream.columns,
  };
}

/** Nobody reads on after an error either. */
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
