/** Recognises files that are not descriptions. They were given by mistake, so none of their lines are shown. */
import { type Document, isMap, isScalar, isSeq } from "yaml";
import { limits } from "../limits.ts";
import { mayBeShown } from "../mailcow-conf/known-keys.ts";
import { nearest, plain } from "../nearest.ts";
import type { Foreign } from "../problems/problem.ts";
import type { Span } from "../secrets/spans.ts";
import { allowedKeys } from "./validate.ts";

/**
 * @param text the text of an invalid description
 * @param document the YAML document, if the text could be parsed
 */
export function foreignKind(text: string, document: Document | undefined): Foreign | undefined {
  const words = legible(text).slice(0, limits.size);
  const lines = words.split("\n").map((line) => line.trimEnd()).filter((line) => !/^\s*(?:#(?!!)|$)/.test(line));
  const [first = ""] = lines;
  if (first.startsWith("-----BEGIN ")) return "pem";
  if (first.startsWith("#!")) return "script";
  const known = allowedKeys("");
  const isKnown = (key: string) => known.includes(key) || isMeant(key, known);
  const assigned = lines.filter((line) => assignment.test(line)).length;
  const described = keysOfLines(lines).filter(isKnown).length;
  if (assigned > described) return assigned * 2 >= lines.length ? "assignments" : "other";
  if (described > 0 || keysOf(document).some(isKnown) || isHarmless(words, known)) return undefined;
  return /[\0-\x08\x0e-\x1f]/.test(text) ? "binary" : "other";
}

/** Removes the zeros of UTF-16, so that ASCII saved by an editor on Windows can be read. */
export function legible(text: string): string {
  return text.replaceAll("\0", "").replace(/^[\ufffd\ufeff]+/, "");
}

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=/;

/** Values pasted into a description from a mailcow.conf, except those that may be shown. */
export function assignedValues(text: string): Span[] {
  let start = 0;
  return text.split("\n").flatMap((line) => {
    const from = start;
    start += line.length + 1;
    const { 0: head = "", 1: key = "" } = assignment.exec(line) ?? [];
    return head === "" || mayBeShown(key) ? [] : [{ start: from + head.length, end: from + line.replace(/\r$/, "").length }];
  });
}

/** Whether a key is one of a description's in another spelling, or a mistyped hostname, which every description has. */
function isMeant(key: string, known: readonly string[]): boolean {
  const meant = nearest(key, known);
  return meant === "hostname" || (meant !== undefined && plain(meant) === plain(key));
}

/** The keys of a mapping, or of the mappings in a list. */
function keysOf(document: Document | undefined): string[] {
  const contents: unknown = document?.contents;
  return (isSeq(contents) ? contents.items : [contents]).flatMap((node) => (isMap(node) ? node.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : []));
}

/** The keys with the least indentation; those of a service in a compose file are indented further. */
function keysOfLines(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => {
    const { 1: before = "", 2: key } = /^([ \t{[]*(?:- )?)["']?([A-Za-z_][\w-]*)["']?[ \t]*:(?:[ \t]|$|["[{])/.exec(line) ?? [];
    return key === undefined ? [] : [{ indentation: before.search(/[^ \t]|$/), key }];
  });
  const least = found.reduce((least, { indentation }) => Math.min(least, indentation), Infinity);
  return found.filter(({ indentation }) => indentation === least).map(({ key }) => key);
}

/** Whether the text may be the start of a description: nothing, a comment, part of a key, a host name without its key, or a key without the space after it. */
function isHarmless(text: string, known: readonly string[]): boolean {
  const words = text.trim();
  if (/^hostname:\S/m.test(words)) return true;
  return /^(?:~|null|\{\}|(?:# [a-z ]*)?)$/.test(words) || known.some((key) => key.startsWith(words)) || (words.length < 254 && /^[a-z0-9.-]+\.[a-z]+$/i.test(words));
}
