// @ts-check
/** What the tests could not try on this machine: sentences that end a run. */
import { appendFileSync, readFileSync } from "node:fs";

/**
 * Prints them, or leaves that to the run that this one is a part of, which names a file for them.
 * @param {readonly string[]} sentences
 */
export function sayNotTried(sentences) {
  const collected = process.env["NOT_TRIED"];
  if (collected !== undefined) appendFileSync(collected, sentences.map((sentence) => `${sentence}\n`).join(""));
  else if (sentences.length > 0) console.log(`\n${sentences.join("\n")}`);
}

/** @param {string} collected the file */
export function notTriedIn(collected) {
  return readFileSync(collected, "utf8").split("\n").filter((line) => line !== "");
}
