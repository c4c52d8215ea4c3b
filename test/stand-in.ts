/** The program with stand-in surroundings. */
import { type FolderEntry, type Io, SurroundingsError, type TreeWriter } from "../src/cli/io.ts";
import { run } from "../src/cli/main.ts";
import type { CertificateFacts } from "../src/core/site/certificate-facts.ts";
import { noSurroundings, silent } from "./surroundings.ts";

export const minimal = "hostname: mail.example.org\n";

const missing: CertificateFacts = { certificate: { fault: { kind: "missing" } }, key: { fault: { kind: "missing" } } };

export interface Surroundings {
  /** What is on the disk, by path. */
  files?: Record<string, string>;
  /** Whether standard error is a terminal, and standard output where `outTerminal` says nothing else. */
  terminal?: boolean;
  outTerminal?: boolean;
  env?: Record<string, string>;
  facts?: CertificateFacts;
}

/** Runs the program and keeps all it says. */
export async function mailcowProxy(args: string[], surroundings: Surroundings = {}) {
  const { files = { "mailcow-proxy.yaml": minimal }, terminal = false, outTerminal = terminal, env = {}, facts = missing } = surroundings;
  const said = { out: "", err: "", written: new Map<string, string>(), opened: new Array<string>() };
  const output = (key: "out" | "err", isTerminal: boolean) => ({
    ...silent,
    write: (text: string | Uint8Array) => void (said[key] += typeof text === "string" ? text : new TextDecoder().decode(text)),
    isTerminal,
    columns: 100,
  });
  const io: Io = {
    ...noSurroundings,
    stdout: output("out", outTerminal),
    stderr: output("err", terminal),
    env,
    read: async (path) => {
      const text = files[path];
      if (text === undefined) throw new SurroundingsError(`cannot read ${path}: no such file`);
      return new TextEncoder().encode(text);
    },
    find: async (path) => {
      const content = files[path];
      return content === undefined ? undefined : { content, executable: false };
    },
    list: async (folder) => {
      const inside = Object.keys(files).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split("/")] : []));
      const entries = new Map(inside.map(([name = "", ...rest]): [string, FolderEntry] => [name, { name, kind: rest.length === 0 ? "file" : "folder" }]));
      return entries.size === 0 ? undefined : [...entries.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
    },
    exists: async (path) => path in files,
    certificateFacts: async (paths) => {
      said.opened.push(paths.certificate, paths.key);
      return facts;
    },
    now: () => Date.UTC(2026, 10, 25),
    writeTree: (folder) => treeInMemory(folder, said.written),
  };
  return { status: await run(args, io), ...said };
}

/** A folder whose files are kept by their paths. */
export function treeInMemory(folder: string, kept: Map<string, string>): TreeWriter {
  let added: { path: string; content: string }[] = [];
  return {
    add: (files) => void added.push(...files.map(({ path, content }) => ({ path: `${folder}/${path}`, content }))),
    commit: async () => {
      const files = added;
      added = [];
      for (const { path, content } of files) kept.set(path, content);
      return files.map(({ path }) => ({ path, changed: true }));
    },
    discard: () => void (added = []),
  };
}
