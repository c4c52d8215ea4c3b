#!/usr/bin/env node
/** Sets the exit code, nothing else. */
import { loadProgram } from "./node/load-program.ts";

const { run, processIo } = loadProgram();
process.exitCode = await run(process.argv.slice(2), processIo());
