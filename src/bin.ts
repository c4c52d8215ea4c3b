#!/usr/bin/env node
/** Sets the exit code, nothing else. */
import { loadProgram } from "./node/load-program.ts";

const args = process.argv.slice(2);
const { run, processIo, end } = loadProgram(args);
void run(args, processIo()).then(end);
