/** The end of a long run says which tests have failed, of each of its runs. */
import { expect, test } from "vitest";
import { failedTests } from "./failed-tests.js";

test("keeps the names of failed tests with what went wrong, and nothing of the others", () => {
  const failed = failedTests();
  const first = ["✓ passes", "", " FAIL  a.test.ts > fails", "AssertionError: expected 1 to be 2", "", "- Expected", "+ Received", "- 2", "+ 1", " ❯ a.test.ts:3:1", "     1| of the source", " Tests  1 failed"];
  const second = ["\u001b[41m FAIL \u001b[49m b.test.ts > fails as well", "Error: of the other run"];
  for (const line of first.slice(0, 4)) failed.take(`one | ${line}`);
  for (const line of second) failed.take(`two | ${line}`);
  for (const line of first.slice(4)) failed.take(`one | ${line}`);
  expect(failed.lines).toEqual([
    "one |  FAIL  a.test.ts > fails",
    "one | AssertionError: expected 1 to be 2",
    "two |  FAIL  b.test.ts > fails as well",
    "two | Error: of the other run",
    "one | - Expected",
    "one | + Received",
    "one | - 2",
    "one | + 1",
    "one |  ❯ a.test.ts:3:1",
  ]);
});

test("ends after so many lines", () => {
  const failed = failedTests();
  for (let index = 0; index < 1000; index++) failed.take(` FAIL  ${index}`);
  expect(failed.lines.length).toBe(80);
});
