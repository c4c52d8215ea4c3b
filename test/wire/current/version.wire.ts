/** The current program is the one that runs, in the place of the distribution's. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import programs from "../../servers.json" with { type: "json" };
import { attempt } from "../world/command.ts";
import { currentVersion, proxyId } from "../world/description.ts";

const { program } = programs[proxyId];
const asked = Object.entries(programs).flatMap(([id, row]) => (id === proxyId && "current" in row ? [row.current.asked] : []));

const places = ["/usr/bin", "/usr/sbin"].map((folder) => `${folder}/${program}`).filter((path) => existsSync(path));

test.each([program, ...places])("%s is it", (path) => {
  expect(currentVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(asked).toHaveLength(1);
  expect(attempt(path, ...asked).text).toContain(currentVersion);
});
