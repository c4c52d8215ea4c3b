/** Loads beside the stock configuration without a warning. What it does to other sites is in company.wire.ts. */
import { expect } from "vitest";
import { headCommands } from "../world/installation.ts";
import { isComplaint } from "../world/proxy.ts";
import { renderValid } from "../world/description.ts";
import type { Check } from "./check.ts";

export const company: readonly Check[] = [
  {
    name: "the head says how to install it, in an order that works",
    run(world) {
      const { description, beside } = world.variant;
      const [output] = renderValid(description, beside).outputs;
      expect(headCommands(output?.content ?? "").length).toBeGreaterThan(0);
      expect(world.failures).toEqual([]);
      return Promise.resolve();
    },
  },
  {
    name: "the server's own check passes without a warning",
    run({ validation }) {
      expect(validation.text.split("\n").filter((line) => isComplaint(line) && !line.startsWith("AH00558"))).toEqual([]);
      expect(validation.status).toBe(0);
      return Promise.resolve();
    },
  },
];

/** After all other rows. */
export const survived: readonly Check[] = [
  {
    name: "no warning at the start, none in the log, and the server is still there",
    run({ running }) {
      expect(running.complaintsAtStart).toEqual([]);
      expect(running.complaints().filter((line) => /segfault|exit signal|exited on signal|core dumped|emerg|panic|BUG/i.test(line))).toEqual([]);
      expect(running.alive).toBe(true);
      return Promise.resolve();
    },
  },
];
