/** The page and the command do the same with every case: the same files, and the same problems. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { validate } from "../../src/index.ts";
import { mailcowProxy } from "../memory-io.ts";
import { cases } from "../support.ts";
import { type Opened, open, pick, textOf, write } from "./browser.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await open();
});
afterAll(async () => {
  expect(opened.said).toEqual([]);
  await opened.close();
});

describe("good descriptions", () => {
  test("there are enough", () => expect(cases("ok").length).toBeGreaterThan(100));

  test.each(cases("ok"))("$name: the archive is that of generate --format tar", async ({ name, bytes }) => {
    const { page } = opened;
    await pick(page, `${name}.yaml`, bytes);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "All files" }).click()]);
    expect(download.suggestedFilename()).toMatch(/^mailcow-proxy-[a-z0-9.-]+\.tar\.gz$/);
    const { status, out } = await mailcowProxy(["generate", "mailcow-proxy.yaml", "--format", "tar"], { "mailcow-proxy.yaml": Buffer.from(bytes).toString("latin1") });
    expect(status).toBe(0);
    expect(gunzipSync(readFileSync(await download.path())).equals(Buffer.from(out, "latin1"))).toBe(true);
    await download.delete();
  });
});

describe("bad descriptions", () => {
  test("there are enough", () => expect(cases("err").length).toBeGreaterThan(100));

  test.each(cases("err"))("$name: each problem is at a field or at a line", async ({ name, bytes }) => {
    const { page } = opened;
    const before = await textOf(page);
    const text = readable(bytes);
    if (text === undefined) {
      // Not text, so it cannot be shown in lines, but the message names the line.
      await pick(page, `${name}.yaml`, bytes);
      const [first] = validate(bytes);
      expect(await page.locator(".message").textContent()).toContain(`Line ${first?.line}: ${first?.message}`);
      expect(await textOf(page)).toBe(before);
      return;
    }
    await write(page, text);
    const expected = validate(text);
    expect(expected.some(({ severity }) => severity === "error")).toBe(true);
    const shown = await page.locator("#problems li").evaluateAll((items) => items.map((item) => ({ text: item.querySelector(".problem > p")?.textContent, line: [...item.querySelectorAll(".links button")].at(-1)?.textContent, button: item.querySelector("button.help") !== null })));
    const severity = { error: "Error", warning: "Warning", note: "Note" };
    expect(shown).toEqual(expected.map((one) => ({ text: `${severity[one.severity]} ${one.message} ${one.code}`, line: `Line ${one.line}`, button: one.edits.length > 0 })));
    const signs = await page.locator(".gutter button").evaluateAll((buttons) => buttons.map((button) => Number(button.textContent)));
    expect(signs).toEqual([...new Set(expected.map(({ line }) => line))].toSorted((left, right) => left - right));
  });
});

/** As a text area has it; undefined when it is not UTF-8. */
function readable(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, "\n");
  } catch {
    return undefined;
  }
}
