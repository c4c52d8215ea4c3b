/** Ends a run of vitest with the table of its slowest files. */
import type { Reporter, TestModule } from "vitest/node";
import { tell } from "./slowest-files.js";

export const slowestFiles: Reporter = {
  onTestRunEnd(modules) {
    if (modules.length > 1) tell(modules.map((module) => ({ file: module.relativeModuleId, tests: [...module.children.allTests()].length, seconds: secondsOf(module) })));
  },
};

/** With the time it took to load it. */
function secondsOf(module: TestModule): number {
  const { collectDuration, duration } = module.diagnostic();
  return (collectDuration + duration) / 1000;
}
