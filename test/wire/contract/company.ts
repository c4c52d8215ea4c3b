/** Loads beside the stock configuration without a warning. What it does to other sites is in company.wire.ts. */
import { expect } from "vitest";
import { headCommands } from "../world/head-commands.ts";
import { isComplaint } from "../world/proxy.ts";
import { renderValid } from "../world/description.ts";
import type { Check } from "./check.ts";

export const company: readonly Check[] = [
  {
    name: "the head says how to install it, in an order that works",
    run(world) {
      const { description, beside } = world.variant;
      const [output] = renderValid(description, beside).outputs;
      const { content = "" } = output ?? {};
      // For a container, the head only leads to its compose file.
      if (world.variant.container === undefined) expect(headCommands(content).length).toBeGreaterThan(0);
      else expect([headCommands(content), content.includes("docs/containers.md")]).toEqual([[], true]);
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
    run({ running, variant }) {
      // HAProxy says in warnings that mailcow's name has an address.
      const resolves = (line: string) => variant.container !== undefined && /changed its IP from \(none\)|IP changed from '\(none\)'|resolves again|valid DNS answer/.test(line);
      expect(running.complaintsAtStart.filter((line) => !resolves(line))).toEqual([]);
      expect(running.complaints().filter((line) => /segfault|exit signal|exited on signal|core dumped|emerg|panic|BUG/i.test(line))).toEqual([]);
      expect(running.alive).toBe(true);
      return Promise.resolve();
    },
  },
];
