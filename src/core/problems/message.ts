/** The one place that turns codes into sentences; what each code is about stands in docs/diagnostics.md. */
import type { Severity } from "./diagnostic.ts";
import { certificateMessages } from "./messages/certificate.ts";
import { crossKeyMessages } from "./messages/cross-key.ts";
import { mailcowConfMessages } from "./messages/mailcow-conf.ts";
import { shapeMessages } from "./messages/shape.ts";
import { textMessages } from "./messages/text.ts";
import type { Code, Problem, ProblemArguments } from "./problem.ts";
import type { Message, Writers } from "./writers.ts";
import { discreetly } from "../secrets/hide.ts";
import { hidden } from "../secrets/mark.ts";
import { visible } from "../visible.ts";

const writers: Writers<Code> = { ...textMessages, ...shapeMessages, ...crossKeyMessages, ...certificateMessages, ...mailcowConfMessages };

/** Every code there is. */
export const codes = Object.keys(writers);

/** @param secret whether its place has a secret in it, which no sentence repeats */
export function describe(problem: Problem, secret = false): { severity: Severity; message: string; help: string | undefined } {
  const { message, help } = secret ? withoutQuotations(problem) : write(problem.code, problem.arguments);
  // Sentences repeat what was written, and they may be read by a terminal, a log or a web page.
  return { severity: severityOf(problem.code), message: sentence(message), help: help === undefined ? undefined : sentence(help) };
}

/** Characters of a sentence. A mailcow.conf may have values of any length. */
const longest = 2000;

function sentence(words: string): string {
  const text = discreetly(words);
  return visible(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** The arguments that repeat what the file says. */
const quotations: ReadonlySet<string> = new Set(["value", "instead", "address", "network", "port", "part", "tag", "name", "group"]);
/** Codes whose key is one that the file has, and no description. */
const foreignKeys: ReadonlySet<string> = new Set(["unknown-key", "yaml-duplicate-key"]);

/** Without its help, which may say what was written in another way. */
function withoutQuotations(problem: Problem): Message {
  const { message, help } = write(problem.code, problem.arguments);
  // Of what is no YAML, the parser's own sentence has a part behind a colon.
  if (problem.code === "yaml-syntax") return { message: message.replace(/^([^:]*:[^:]*):[^]*$/, "$1"), help };
  const repeated = repeatedIn(problem.arguments, foreignKeys.has(problem.code)).toSorted((left, right) => right.length - left.length);
  // Where each has a mark in it, its secret has been taken out before.
  if (repeated.every((text) => text.includes(hidden))) return { message, help };
  return { message: repeated.reduce((rest, text) => rest.replaceAll(text, hidden), message) };
}

function repeatedIn(facts: object, key: boolean): string[] {
  return Object.entries(facts).flatMap(([name, fact]: [string, unknown]) => {
    if (typeof fact === "object" && fact !== null) return repeatedIn(fact, key);
    return typeof fact === "string" && fact !== "" && (quotations.has(name) || (key && name === "key")) ? [fact] : [];
  });
}

export function severityOf(code: Code): Severity {
  return writers[code].severity ?? "error";
}

function write<C extends Code>(code: C, facts: ProblemArguments[C]): Message {
  return writers[code](facts);
}
