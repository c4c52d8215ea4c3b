// @ts-check
/**
 * Runs the built program again and again in one process, in its working directory: `node test/hostile-runs.js PROGRAM_CJS`.
 * Takes a list of arguments a message, and answers each with the exit status and what was printed.
 */
import { createRequire } from "node:module";

/** @type {typeof import("../src/program.ts")} */
const { run, processIo } = createRequire(import.meta.url)(process.argv[2] ?? "");

process.on("message", async (/** @type {string[]} */ args) => {
  /** @type {Record<"out" | "err", Buffer[]>} */
  const pieces = { out: [], err: [] };
  /** @param {"out" | "err"} key @returns {{ value: import("../src/cli/io.ts").OutputStream }} */
  const output = (key) => ({
    value: { write: (text) => void pieces[key].push(typeof text === "string" ? Buffer.from(text) : Buffer.from(text)), drained: async () => {}, isTerminal: false, columns: undefined },
  });
  const status = await run(args, Object.defineProperties(processIo(), { stdout: output("out"), stderr: output("err") }));
  process.send?.({ status, stdout: Buffer.concat(pieces.out).toString(), stderr: Buffer.concat(pieces.err).toString() });
});
