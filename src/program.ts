/** The entry of the bundle that `bin` loads and build/code-cache.js runs. */
export { run } from "./cli/main.ts";
export { end, processIo } from "./node/process.ts";
export { cacheExtension, sealed } from "./node/code-cache.ts";
