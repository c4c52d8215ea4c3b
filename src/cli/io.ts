/** The program's access to its surroundings; tests pass in their own. */
import type { Template } from "handlebars/runtime.js";
import type { Argv } from "yargs";
import type { CertificateFacts } from "../core/site/certificate-facts.ts";
import type { Sha256 } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { FoundFile } from "../comparison/drift.ts";

export interface OutputStream {
  write(text: string | Uint8Array): void;
  /** Resolves when the reader has caught up. Wait for it between large writes, or the output piles up in memory. */
  drained(): Promise<void>;
  readonly isTerminal: boolean;
  /** Width in columns, if known. */
  readonly columns: number | undefined;
}

/** The result of writing a file. */
export interface Written {
  readonly path: string;
  readonly changed: boolean;
}

/** Writes files to a folder in batches. */
export interface TreeWriter {
  /**
   * Writes the files that differ to temporary files.
   * @throws SurroundingsError for the first file that cannot be written
   */
  add(files: readonly Pick<OutputFile, "path" | "mode" | "content">[]): void;
  /**
   * Puts the files added since the last commit in place. More files may be added meanwhile.
   * @throws SurroundingsError when one cannot be put in place; then none is, unless renaming failed
   */
  commit(): Promise<Written[]>;
  /** Removes files that were added but not put in place. */
  discard(): void;
}

export interface CertificatePaths {
  /** The web root of an ACME client on this host. */
  readonly acmeWebroot?: string | undefined;
  readonly certificate: string;
  readonly key: string;
}

/** The result of changing a file. */
export interface Edited {
  /** The changed file; for a symbolic link, the file it leads to. */
  readonly path: string;
  /** The absolute path of the folder it is in. */
  readonly folder: string;
  /** The path of the backup, or undefined when nothing changed or the file is new. */
  readonly backup: string | undefined;
  /** Whether there was no such file before. */
  readonly isNew?: boolean;
}

/** A terminal for questions. */
export interface Terminal {
  /** The typed line, or undefined when the terminal is closed or the program is interrupted. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
}

export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sha256: Sha256;
  /** Up to `most` bytes of a file. The path is relative to the working directory; `-` is standard input. */
  read(path: string, most?: number): Promise<Uint8Array>;
  /** Facts about the files of a certificate and its key, given by absolute paths. */
  certificateFacts(files: CertificatePaths): Promise<CertificateFacts>;
  /** The time in milliseconds since 1970. */
  now(): number;
  /** From now on, saves memory at the cost of speed, for long runs. */
  keepMemorySmall(): void;
  /** The file at a path; undefined when there is none. */
  find(path: string): Promise<FoundFile | undefined>;
  /** The entries of a folder, sorted by name; undefined when there is no such folder. */
  list(path: string): Promise<readonly FolderEntry[] | undefined>;
  /** Writes files to a folder, each one completely or not at all. */
  writeTree(folder: string): TreeWriter;
  /**
   * Replaces a file with the result of `change`, completely or not at all; `change` may be called more than once. With
   * `create`, a mode, a missing file counts as empty.
   */
  editFile(path: string, change: (before: Uint8Array) => Uint8Array, create?: number): Promise<Edited>;
  /** Creates a file that must not exist yet. */
  createFile(path: string, content: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** The absolute path of a file's folder; for a symbolic link, of the folder it leads to. */
  folderOf(path: string): Promise<string>;
  /** Undefined when input or output is not a terminal. `hidden`: what is typed is not shown. */
  openTerminal(options?: { readonly hidden: boolean }): Promise<Terminal | undefined>;
  /** Random bytes that nobody can guess. */
  randomBytes(count: number): Uint8Array;
  /** The absolute path of the page. */
  pageFile(): Promise<string>;
  /** Whether the desktop's browser opens the file. */
  openInBrowser(file: string): Promise<boolean>;
  /** Serves a page on a port of this machine, or on a free one for 0, until the program is interrupted. */
  serve(file: string, port: number, ready: (url: string) => void): Promise<void>;
  /** The user's own templates, by target, then by file name. */
  readTemplates(folder: string): Promise<Readonly<Record<string, Readonly<Record<string, Template>>>>>;
}

/** A file cannot be read or written. The message is shown to the user. */
export class SurroundingsError extends Error {
  override readonly name = "SurroundingsError";
  /** What the user can do about it, shown on its own line. */
  readonly help: string | undefined;

  constructor(message: string, { help, ...options }: ErrorOptions & { readonly help?: string } = {}) {
    super(message, options);
    this.help = help;
  }
}

/** The command line is wrong. The message is shown to the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The exit statuses of the program. */
export const exitStatus = {
  done: 0,
  /** Invalid input, or differences found. */
  no: 1,
  /** Wrong usage. */
  usage: 2,
  /** A file cannot be read or written. */
  surroundings: 3,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What the command line asks for. yargs selects it; it runs after the whole line is parsed. */
export type Action = (io: Io) => ExitStatus | Promise<ExitStatus>;

/** Receives the action of the given command. */
export type Choose = (action: Action) => void;

/** Registers a command with yargs; `word` is its name, or `$0` when it is the only one. */
export type Command = (parser: Argv, word: string, choose: Choose) => Argv;
