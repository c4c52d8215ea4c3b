#!/usr/bin/env node
/** Runs the program and sets the exit code. */
import { loadProgram } from "./node/load-program.ts";

const args = process.argv.slice(2);
const { run, processIo, end } = loadProgram(args);
void run(args, processIo()).then(end);
