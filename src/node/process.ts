/** The process as the program's surroundings. */
import { type Io, type Output, exitStatus } from "../cli/io.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { createFile, editFile, exists, folderOf } from "./edit-file.ts";
import { failure, readBytes, writeTree } from "./files.ts";
import { readTemplates } from "./templates.ts";
import { openTerminal } from "./terminal.ts";

export function processIo(): Io {
  const cwd = process.cwd();
  // Node opens a stream when it is first asked for, and standard error is seldom written to.
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  return {
    get stdout() {
      return (stdout ??= output(process.stdout));
    },
    get stderr() {
      return (stderr ??= output(process.stderr));
    },
    env: process.env,
    read: (path) => (path === "-" ? standardInput() : readBytes(cwd, path)),
    certificateFacts,
    now: () => Date.now(),
    writeTree: (folder, files) => writeTree(cwd, folder, files),
    editFile: (path, change) => editFile(cwd, path, change),
    createFile: (path, content) => createFile(cwd, path, content),
    exists: (path) => exists(cwd, path),
    folderOf: (path) => folderOf(cwd, path),
    openTerminal,
    readTemplates: (folder) => readTemplates(cwd, folder),
  };
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function output(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough (`| head -1`) is no fault.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    const { message } = failure("write", "to standard output", error);
    process.stderr.write(`mailcow-proxy: ${message}\n`);
    process.exitCode = exitStatus.surroundings;
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY && process.env["TERM"] !== "dumb",
    columns: stream.columns,
  };
}
