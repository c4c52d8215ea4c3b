/** What the program needs of its surroundings, handed in so that a test can stand in for them. */
import type { Template } from "handlebars/runtime.js";
import type { Argv } from "yargs";
import type { CertificateFacts } from "../core/site/certificate-facts.ts";
import type { Sha256 } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { FoundFile } from "../comparison/drift.ts";

export interface OutputStream {
  write(text: string | Uint8Array): void;
  /** Settles when the reader has caught up; who writes much waits for it, or all of it piles up in memory. */
  drained(): Promise<void>;
  readonly isTerminal: boolean;
  /** Width in columns, where there is one. */
  readonly columns: number | undefined;
}

/** What writing a file came to. */
export interface Written {
  readonly path: string;
  readonly changed: boolean;
}

/** Writes files into a folder, in batches. */
export interface TreeWriter {
  /**
   * Takes files to the disk, those that differ from what is there.
   * @throws SurroundingsError at the first that cannot be written
   */
  add(files: readonly Pick<OutputFile, "path" | "mode" | "content">[]): void;
  /**
   * Puts in place what was added since the last time; meanwhile more may be added.
   * @throws SurroundingsError when one cannot be put in place; none is then, unless renaming failed
   */
  commit(): Promise<Written[]>;
  /** Takes away what was added and is not in place. */
  discard(): void;
}

export interface CertificatePaths {
  readonly certificate: string;
  readonly key: string;
}

/** What changing a file came to. */
export interface Edited {
  /** The file that a symbolic link leads to. */
  readonly path: string;
  /** The absolute path of the folder it is in. */
  readonly folder: string;
  /** The file as it was, or undefined when nothing changed. */
  readonly backup: string | undefined;
}

/** Somebody to ask. */
export interface Terminal {
  /** The line that is typed, or undefined when the terminal is closed or the program interrupted. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

/** A name in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
}

export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sha256: Sha256;
  /** The bytes of a file, no more than `most` of them, its path relative to the working directory; `-` is standard input. */
  read(path: string, most?: number): Promise<Uint8Array>;
  /** What is in the files of a certificate and its key, given by their absolute paths. */
  certificateFacts(files: CertificatePaths): Promise<CertificateFacts>;
  /** The time in milliseconds since 1970. */
  now(): number;
  /** Prefers little memory to speed from here on, for a run of any length. */
  keepMemorySmall(): void;
  /** A file that need not be there. */
  find(path: string): Promise<FoundFile | undefined>;
  /** What is in a folder, by name; undefined where there is none. */
  list(path: string): Promise<readonly FolderEntry[] | undefined>;
  /** Files for a folder, each of which comes to be there whole or not at all. */
  writeTree(folder: string): TreeWriter;
  /** Replaces a file by what `change` makes of it, whole or not at all; `change` may be asked more than once. */
  editFile(path: string, change: (before: Uint8Array) => Uint8Array): Promise<Edited>;
  /** Writes a file that must not be there yet. */
  createFile(path: string, content: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** The absolute path of the folder that a file is in, or the file that it links to. */
  folderOf(path: string): Promise<string>;
  /** Undefined where input or output is no terminal. */
  openTerminal(): Promise<Terminal | undefined>;
  /** A user's templates: by target, then by file name. */
  readTemplates(folder: string): Promise<Readonly<Record<string, Readonly<Record<string, Template>>>>>;
}

/** The surroundings failed: a file cannot be read or written. The message is for the user. */
export class SurroundingsError extends Error {
  override readonly name = "SurroundingsError";
  /** What to do about it, on a line of its own. */
  readonly help: string | undefined;

  constructor(message: string, { help, ...options }: ErrorOptions & { readonly help?: string } = {}) {
    super(message, options);
    this.help = help;
  }
}

/** What was asked for cannot be meant. The message is for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The exit statuses of the program. */
export const exitStatus = {
  done: 0,
  /** The answer is no: a description is invalid. */
  no: 1,
  /** Wrong usage. */
  usage: 2,
  /** The surroundings failed. */
  surroundings: 3,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What a command line asks for: yargs picks it, and it runs when the whole line is understood. */
export type Action = (io: Io) => ExitStatus | Promise<ExitStatus>;

/** Takes the action of the command that was given. */
export type Choose = (action: Action) => void;

/** Tells yargs of a command; `word` is the command's, or `$0` where the command is all there is. */
export type Command = (parser: Argv, word: string, choose: Choose) => Argv;
