/** Turns codes into sentences. docs/diagnostics.md explains each code. */
import type { Severity } from "./diagnostic.ts";
import { type Edit, textsOf } from "./edit.ts";
import { accessMessages } from "./messages/access.ts";
import { certificateMessages } from "./messages/certificate.ts";
import { frontMessages } from "./messages/front.ts";
import { mailcowConfMessages } from "./messages/mailcow-conf.ts";
import { mailMessages } from "./messages/mail.ts";
import { mailHostMessages } from "./messages/mail-host.ts";
import { mergedMessages } from "./messages/merged.ts";
import { nameMessages } from "./messages/names.ts";
import { networkMessages } from "./messages/network.ts";
import { severalMessages } from "./messages/several.ts";
import { shapeMessages } from "./messages/shape.ts";
import { systemMessages } from "./messages/systems.ts";
import { targetMessages } from "./messages/targets.ts";
import { textMessages } from "./messages/text.ts";
import { tlsMessages } from "./messages/tls.ts";
import type { Code, Problem, ProblemArguments } from "./problem.ts";
import type { Message, Writers } from "./writers.ts";
import { keysOf } from "../keys-of.ts";
import { discreetly } from "../secrets/hide.ts";
import { hidden } from "../secrets/mark.ts";
import { visible } from "../visible.ts";

/** On keys that do not go together. */
const settings = { ...nameMessages, ...networkMessages, ...frontMessages, ...tlsMessages, ...targetMessages, ...accessMessages, ...mailMessages };

const writers: Writers<Code> = { ...textMessages, ...shapeMessages, ...settings, ...severalMessages, ...certificateMessages, ...mailcowConfMessages, ...mergedMessages, ...systemMessages, ...mailHostMessages };

/** All codes. */
export const codes = keysOf<Code>(writers);

/** @param secret whether there is a secret at its place, which the message must not repeat */
export function describe(problem: Problem, secret = false): { severity: Severity; message: string; help: string | undefined; edits: readonly Edit[] } {
  const { message, help, edits = [] } = secret ? withoutQuotations(problem) : written(problem);
  // Escape them: messages repeat the input, and a terminal, a log or a web page shows them.
  return { severity: severityOf(problem.code), message: sentence(message), help: help === undefined ? undefined : sentence(help), edits: edits.flatMap(textsOf).some((text) => discreetly(text) !== text) ? [] : edits };
}

/** The most characters of a sentence. Values in a mailcow.conf may be of any length. */
const longest = 2000;

function sentence(words: string): string {
  const text = discreetly(words);
  return visible(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** The arguments that repeat text of the file. */
const quotations: ReadonlySet<string> = new Set(["value", "instead", "address", "network", "port", "part", "tag", "name", "group"]);
/** Codes whose `key` comes from the file and may be any text. */
const foreignKeys: ReadonlySet<string> = new Set(["unknown-key", "yaml-duplicate-key"]);

/** The message without repeated text, and without its help, which may repeat the text in another form. */
function withoutQuotations(problem: Problem): Message {
  const { message, help } = written(problem);
  // For invalid YAML, remove the part after the second colon: the parser repeats the text there.
  if (problem.code === "yaml-syntax") return { message: message.replace(/^([^:]*:[^:]*):[^]*$/, "$1"), help };
  const repeated = repeatedIn(problem.arguments, foreignKeys.has(problem.code)).toSorted((left, right) => right.length - left.length);
  // Text with a mark has already been cleaned.
  if (repeated.every((text) => text.includes(hidden))) return { message, help };
  return { message: repeated.reduce((rest, text) => rest.replaceAll(text, hidden), message) };
}

function repeatedIn(facts: object, key: boolean): string[] {
  return Object.entries(facts).flatMap(([name, fact]: [string, unknown]) => {
    const quoted = quotations.has(name) || (key && name === "key");
    if (Array.isArray(fact)) return quoted ? fact.filter((entry) => entry !== "").map(String) : [];
    if (typeof fact === "object" && fact !== null) return repeatedIn(fact, key);
    return typeof fact === "string" && fact !== "" && quoted ? [fact] : [];
  });
}

export function severityOf(code: Code): Severity {
  return writers[code].severity ?? "error";
}

function written({ code, arguments: facts, place }: Problem): Message {
  return write(code, facts, "pointer" in place ? place.pointer : "");
}

function write<C extends Code>(code: C, facts: ProblemArguments[C], at: string): Message {
  return writers[code](facts, at);
}
