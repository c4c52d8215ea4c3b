/** The program's surroundings in a Node process. */
import type { ExitStatus, Io, OutputStream } from "../cli/io.ts";
import { failure } from "./failure.ts";
import { findFile, listFolder, readBytes } from "./files.ts";
import { keepMemorySmall } from "./memory.ts";
import { mayBeWriting, output } from "./output.ts";
import { writeTree } from "./write-tree.ts";

// Few runs need these, and they load slowly, so load them on first use.
const editing = () => import("./edit-file.ts");

export function processIo(): Io {
  const cwd = process.cwd();
  let stdout: OutputStream | undefined;
  let stderr: OutputStream | undefined;
  return {
    get stdout() {
      return (stdout ??= output(1));
    },
    get stderr() {
      return (stderr ??= output(2));
    },
    env: process.env,
    certificateFacts: async (files) => (await import("./certificate-facts.ts")).certificateFacts(files),
    now: () => Date.now(),
    editFile: async (path, change, create) => (await editing()).editFile(cwd, path, change, create),
    createFile: async (path, content) => (await editing()).createFile(cwd, path, content),
    exists: async (path) => (await editing()).exists(cwd, path),
    folderOf: async (path) => (await editing()).folderOf(cwd, path),
    openTerminal: async (options) => (await import("./terminal.ts")).openTerminal(options),
    randomBytes: (count) => process.getBuiltinModule("node:crypto").randomBytes(count),
    pageFile: async () => (await import("./page.ts")).pageFile(),
    openInBrowser: async (file) => (await import("./page.ts")).openInBrowser(file, process.env),
    serve: async (file, port, ready) => (await import("./serve.ts")).serve(file, port, ready),
    sha256: (text) => process.getBuiltinModule("node:crypto").hash("sha256", text),
    read: async (path, most) => (path === "-" ? standardInput(most) : readBytes(cwd, path, most)),
    find: async (path) => findFile(cwd, path),
    list: async (path) => listFolder(cwd, path),
    keepMemorySmall,
    writeTree: (folder) => writeTree(cwd, folder),
    readTemplates: async (folder) => (await import("./templates.ts")).readTemplates(cwd, folder),
  };
}

/** Ends the process. Otherwise Node would first free its memory piece by piece, which takes as long as reading a description. */
export function end(status: ExitStatus): void {
  // Writing the output may have failed.
  process.exitCode ??= status;
  if (!mayBeWriting()) process.exit();
}

async function standardInput(most = Infinity): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      if (!(chunk instanceof Uint8Array)) continue;
      chunks.push(chunk);
      length += chunk.length;
      // Leave the loop to close the stream, which may be endless.
      if (length >= most) break;
    }
  } catch (error) {
    throw failure("read", "standard input", error);
  }
  return Buffer.concat(chunks).subarray(0, most);
}
