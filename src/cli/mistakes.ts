/** What yargs says about a wrong line, in our words. */
import { nearest } from "../core/nearest.ts";
import { completesOf } from "./completion/completes.ts";
import type { Grammar } from "./grammar.ts";

const ofEveryCommand = ["help", "version"];

/**
 * @param args the arguments that yargs read
 * @param grammar the command's; undefined without a command
 */
export function inOurWords(message: string, args: readonly string[], grammar: Grammar | undefined): string {
  const [, needy] = /^Not enough arguments following: (.+)$/s.exec(message) ?? [];
  if (needy !== undefined) return withoutValue(needy, grammar);
  const [, unknown] = /^Unknown (?:arguments?|commands?): (.+)$/s.exec(message) ?? [];
  if (unknown !== undefined) return unknownOption(args, grammar) ?? `Unexpected argument ${unknown}.`;
  return message.split("\n").map((line) => line.trim()).join(" ");
}

function withoutValue(name: string, grammar: Grammar | undefined): string {
  const [, option] = Object.entries(grammar?.options ?? {}).find(([long, { alias }]) => name === long || name === alias) ?? [];
  const words = option === undefined ? undefined : completesOf(option);
  return `${spelt(name)} needs a value${Array.isArray(words) ? `; use one of: ${words.join(", ")}` : ""}.`;
}

const spelt = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`);

/** The first option on the line that the command does not have. */
function unknownOption(args: readonly string[], grammar: Grammar | undefined): string | undefined {
  const names = [...Object.keys(grammar?.options ?? {}), ...ofEveryCommand];
  const aliases = Object.values(grammar?.options ?? {}).flatMap(({ alias }) => (typeof alias === "string" ? [alias] : []));
  const known = new Set([...names, ...names.map(inCamelCase), ...aliases, "h"]);
  const end = args.indexOf("--");
  for (const argument of end === -1 ? args : args.slice(0, end)) {
    const [, given, name = ""] = /^(--?([^=-][^=]*))/s.exec(argument) ?? [];
    if (given === undefined || known.has(name) || !Number.isNaN(Number(argument))) continue;
    const meant = meantBy(name, names);
    // Without a space after it, the value of a short option is read as part of its name.
    if (!given.startsWith("--") && aliases.includes(name.charAt(0)) && meant === undefined) return `Unknown option ${given}; write a space after -${name.charAt(0)}.`;
    return `Unknown option ${given}${meant === undefined ? "." : `; did you mean --${meant}?`}`;
  }
  return undefined;
}

/** In a short name, any two letters may be other ones. */
function meantBy(name: string, names: readonly string[]): string | undefined {
  const meant = nearest(name, names);
  return meant !== undefined && (meant.length > 5 || meant.startsWith(name.charAt(0))) ? meant : undefined;
}

const inCamelCase = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
