/** Surroundings in memory, for what the program says and writes. */
import { type Io, SurroundingsError } from "../src/cli/io.ts";
import { run } from "../src/cli/main.ts";
import { treeInMemory } from "./stand-in.ts";
import { noSurroundings, silent } from "./surroundings.ts";

export interface Said {
  status: number;
  /** Standard output and standard error, one character a byte. */
  out: string;
  err: string;
  /** The files as they are after it. */
  files: Map<string, string>;
}

/**
 * @param files their content, one character a byte
 * @param answers what is typed on the terminal, which is closed after that; without them there is none
 * @param surroundings in place of those in memory
 */
export async function mailcowProxy(args: readonly string[], files: Record<string, string>, answers?: readonly string[], surroundings: Partial<Io> = {}): Promise<Said> {
  const said: Said = { status: 0, out: "", err: "", files: new Map(Object.entries(files)) };
  const output = (key: "out" | "err") => ({
    ...silent,
    write: (text: string | Uint8Array) => void (said[key] += Buffer.from(typeof text === "string" ? Buffer.from(text) : text).toString("latin1")),
  });
  const read = (path: string) => {
    const content = said.files.get(path);
    if (content === undefined) throw new SurroundingsError(`cannot read ${path}: no such file`);
    return Buffer.from(content, "latin1");
  };
  const io: Io = {
    ...noSurroundings,
    stdout: output("out"),
    stderr: output("err"),
    read: async (path) => read(path),
    find: async (path) => (said.files.has(path) ? { content: read(path).toString(), executable: false } : undefined),
    writeTree: (folder) => treeInMemory(folder, said.files),
    editFile: async (path, change, create) => {
      const isNew = create !== undefined && !said.files.has(path);
      const before = isNew ? Buffer.alloc(0) : read(path);
      const after = Buffer.from(change(before));
      const backup = isNew || after.equals(before) ? undefined : `${path}.bak`;
      if (backup !== undefined) said.files.set(backup, before.toString("latin1"));
      said.files.set(path, after.toString("latin1"));
      return { path, folder: "/opt/mailcow-dockerized", backup, ...(isNew ? { isNew } : {}) };
    },
    createFile: async (path, content) => {
      if (said.files.has(path)) throw new SurroundingsError(`cannot write ${path}: it already exists`);
      said.files.set(path, content);
    },
    exists: async (path) => said.files.has(path),
    folderOf: async () => "/srv/mailcow",
    openTerminal: async () => {
      if (answers === undefined) return undefined;
      const left = [...answers];
      return {
        ask: async (question) => {
          const answer = left.shift();
          said.err += `${question}${answer ?? "^D"}\n`;
          return answer;
        },
        close: () => {},
      };
    },
  };
  said.status = await run(args, { ...io, ...surroundings });
  return said;
}
