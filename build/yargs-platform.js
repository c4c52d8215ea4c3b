// @ts-check
/**
 * The surroundings of yargs in the bundle, in place of its own module for Node (it has another one for browsers).
 * It reads no locale, no package.json and no folder of commands, so what those take to load (a sixth of the program's
 * start) is left out. Its members are those of yargs/lib/platform-shims/esm.mjs.
 */
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import cliui from "cliui";
import Parser from "yargs-parser/browser";
import stringWidth from "./string-width.js";

/**
 * `%s` in turn by the arguments.
 * @type {(text: string, ...values: unknown[]) => string}
 */
const fill = (text, ...values) => values.reduce((/** @type {string} */ filled, value) => filled.replace("%s", () => String(value)), text);

const unsupported = () => {
  throw new Error("this is not part of the bundle");
};

export default {
  assert: {
    /** @type {(actual: unknown, expected: unknown, message?: string) => void} */
    strictEqual: (actual, expected, message) => {
      if (!Object.is(actual, expected)) throw new Error(message);
    },
    /** @type {(actual: unknown, expected: unknown, message?: string) => void} */
    notStrictEqual: (actual, expected, message) => {
      if (Object.is(actual, expected)) throw new Error(message);
    },
  },
  cliui,
  findUp: () => undefined,
  getCallerFile: unsupported,
  /** @type {(name: string) => string | undefined} */
  getEnv: (name) => process.env[name],
  getProcessArgvBin: () => "mailcow-proxy",
  inspect: String,
  mainFilename: "mailcow-proxy",
  Parser,
  path: { basename, dirname, extname, join, relative, resolve },
  process: {
    argv: () => process.argv,
    cwd: () => process.cwd(),
    /** @type {(warning: string | Error, type?: string) => void} */
    emitWarning: (warning, type) => process.emitWarning(warning, type),
    execPath: () => process.execPath,
    exit: unsupported,
    nextTick: (/** @type {() => void} */ callback) => process.nextTick(callback),
    // Help is wrapped at a width that is set.
    stdColumns: null,
  },
  readFileSync: unsupported,
  readdirSync: unsupported,
  require: unsupported,
  stringWidth,
  y18n: {
    __: fill,
    /** @type {(one: string, many: string, count: number, ...values: unknown[]) => string} */
    __n: (one, many, count, ...values) => fill((count === 1 ? one : many).replace("%d", String(count)), ...values),
    getLocale: () => "en",
    setLocale: () => {},
    updateLocale: () => {},
  },
};
