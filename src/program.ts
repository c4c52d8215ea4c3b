/** The program as one bundle, which `bin` loads. */
export { run } from "./cli/main.ts";
export { processIo } from "./node/process.ts";
