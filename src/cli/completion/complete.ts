/** Completes a command line for the shell. Nothing on the line is checked, and no file is read. */
import type { Options } from "yargs";
import { type Grammar, grammarOf } from "../grammar.ts";
import type { Command } from "../io.ts";
import { type Completes, completesOf } from "./completes.ts";

/** What can stand at the end of the line. */
export interface Completion {
  readonly words: readonly string[];
  /** The paths that the shell offers too. */
  readonly paths: "files" | "folders" | undefined;
}

const none: Completion = { words: [], paths: undefined };

const ofEveryCommand = ["--help", "--version"];

/**
 * @param line the words behind the program's name; the last one is to be completed
 * @param commands the commands by their words
 */
export async function complete(line: readonly string[], commands: Readonly<Record<string, () => Command | Promise<Command>>>): Promise<Completion> {
  const [first = "", ...rest] = line;
  if (rest.length === 0) return offer(first.startsWith("-") ? ofEveryCommand : Object.keys(commands), first);
  const command = Object.hasOwn(commands, first) ? await commands[first]?.() : undefined;
  return command === undefined ? none : ofCommand(grammarOf(command), withoutSplitting(rest));
}

/** bash takes `--format=json` apart at the `=`. Then only what follows it is completed, as after a space. */
function withoutSplitting(words: readonly string[]): string[] {
  const isSign = (index: number) => words[index] === "=" && words[index - 1]?.startsWith("--") === true;
  const kept = words.filter((_, index) => !isSign(index));
  return isSign(words.length - 1) ? [...kept, ""] : kept;
}

async function ofCommand({ options, positionals }: Grammar, words: readonly string[]): Promise<Completion> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const positional = async () => values(completesOf(Object.values(positionals)[0] ?? {}), current, false);
  if (before.includes("--")) return positional();
  const asked = optionOf(options, before.at(-1) ?? "");
  if (asked !== undefined && asked.type !== "boolean") return values(completesOf(asked), current, asked.array === true);
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && value !== undefined) {
    const option = optionOf(options, name);
    const { words: found, paths } = option === undefined ? none : await values(completesOf(option), value, option.array === true);
    return { words: found.map((word) => `${name}=${word}`), paths };
  }
  if (!current.startsWith("-")) return positional();
  const given = new Set(before.map((word) => optionOf(options, word)));
  const left = Object.entries(options).filter(([, option]) => option.array === true || !given.has(option));
  return offer([...left.map(([long]) => `--${long}`), ...ofEveryCommand], current);
}

/** The option that a word such as `-t` or `--target` names. */
function optionOf(options: Readonly<Record<string, Options>>, word: string): Options | undefined {
  return Object.entries(options).find(([name, { alias }]) => word === `--${name}` || (typeof alias === "string" && word === `-${alias}`))?.[1];
}

/** @param several whether the value is a list with commas */
async function values(completes: Completes | undefined, current: string, several: boolean): Promise<Completion> {
  if (completes === undefined) return none;
  if (completes === "files" || completes === "folders") return { words: [], paths: completes };
  const words = typeof completes === "function" ? await completes() : completes;
  if (!several) return offer(words, current);
  const listed = current.split(",").slice(0, -1);
  return offer(words.filter((word) => !listed.includes(word)).map((word) => [...listed, word].join(",")), current);
}

function offer(words: readonly string[], current: string): Completion {
  return { words: words.filter((word) => word.startsWith(current)), paths: undefined };
}
