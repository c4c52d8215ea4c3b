#!/usr/bin/env node
/** Sets the exit code, nothing else. */
import { run } from "./cli/main.ts";
import { processIo } from "./node/process.ts";

process.exitCode = await run(process.argv.slice(2), processIo());
