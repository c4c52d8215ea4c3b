// @ts-check
/** The servers under test, by target. */
import { readFileSync } from "node:fs";

/**
 * @typedef {object} Server
 * @property {string} title
 * @property {string} program
 * @property {string} [package] Debian's; the current version is the only one if there is none
 * @property {Wheel} [current] the current version
 */

/**
 * @typedef {object} Wheel
 * @property {string} wheel its name for pip
 * @property {string} version
 * @property {readonly string[]} sha256 one for each kind of processor
 * @property {string} asked the argument that has the program say its version
 * @property {string} [arguments] what the program needs to find the files of Debian's package
 */

/** @type {Readonly<Record<string, Server>>} */
export const servers = JSON.parse(readFileSync(new URL("servers.json", import.meta.url), "utf8"));
