/** The program as one bundle, which `bin` loads, and which build/code-cache.js runs. */
export { run } from "./cli/main.ts";
export { end, processIo } from "./node/process.ts";
export { cacheExtension, sealed } from "./node/code-cache.ts";
