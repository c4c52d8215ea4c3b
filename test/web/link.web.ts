/** The link to what is on the screen: made only when asked for, and harmless whatever is in it. */
import { deflateRawSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import description from "../../schemas/description.schema.json" with { type: "json" };
import { root } from "../support.ts";
import { type Opened, open, ready, served, textOf, write } from "./browser.ts";

let stop = () => {};
let url = "";
let opened: Opened | undefined;
beforeEach(async () => {
  ({ stop, url } = await served());
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  stop();
});

const fragmentOf = (text: string) => `#1=${deflateRawSync(text).toString("base64url")}`;
const full = readFileSync(join(root, "examples/full.yaml"), "utf8");

test("a link brings back the description, and only then is it in the address", async () => {
  opened = await open(url);
  const { page } = opened;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await write(page, full);
  expect(page.url()).toBe(url);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.locator(".message").waitFor();
  expect(page.url()).toBe(url);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.length).toBeLessThan(900);
  const other = await open(link);
  await other.page.locator(".message").waitFor();
  expect(await textOf(other.page)).toBe(full);
  await other.close();
});

test("a link that is opened in the same page is read, too", async () => {
  opened = await open(url);
  await opened.page.goto(`${url}${fragmentOf("hostname: mail.example.net\n")}`);
  await opened.page.locator(".message").waitFor();
  expect(await textOf(opened.page)).toBe("hostname: mail.example.net\n");
});

/** The page says why, and has what it began with. */
async function refused(fragment: string, words: string): Promise<void> {
  opened = await open(`${url}${fragment}`);
  await opened.page.locator(".message", { hasText: words }).waitFor();
  expect(await textOf(opened.page)).toBe("hostname: mail.example.org\n");
}

describe("hostile fragments", () => {
  test.each<[string, string, string]>([
    ["another version", "#2=abc", "another version"],
    ["not base64", "#1=***", "damaged"],
    ["not deflated", `#1=${Buffer.from("hostname: a.example.org").toString("base64url")}`, "damaged"],
    ["cut off", fragmentOf(full).slice(0, 200), "damaged"],
    ["empty", "#1=", "damaged"],
    ["not UTF-8", `#1=${deflateRawSync(Buffer.from([0xff, 0xfe, 0xff])).toString("base64url")}`, "damaged"],
    ["a bomb that becomes 200 MB", `#1=${deflateRawSync(Buffer.alloc(200_000_000, "a")).toString("base64url")}`, "too large"],
    ["a million characters", `#1=${"A".repeat(1_000_000)}`, "too large"],
  ])("%s", (_what, fragment, words) => refused(fragment, words));

  test("other fragments are left alone", async () => {
    opened = await open(`${url}#files`);
    await opened.page.waitForTimeout(300);
    expect(await opened.page.locator(".message").count()).toBe(0);
  });

  const script = `"><img src=x onerror=globalThis.ran=1><script>globalThis.ran=1</script>javascript:globalThis.ran=1//'\``;

  test("script in every field does not run", async () => {
    const text = `${Object.keys(description.properties).map((key) => `${key}: ${JSON.stringify(script)}`).join("\n")}\n${JSON.stringify(script)}: ${JSON.stringify(script)}\n`;
    opened = await open(`${url}${fragmentOf(text)}`);
    const { page } = opened;
    await page.locator("#problems li").first().waitFor();
    await page.getByRole("tab", { name: "YAML" }).click();
    await page.locator(".gutter button").first().click();
    await page.getByRole("tab", { name: "Form" }).click();
    await page.evaluate(() => {
      for (const group of document.querySelectorAll<HTMLDetailsElement>(".group, .more")) group.open = true;
    });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => ({ ran: "ran" in globalThis, images: document.images.length, scripts: document.scripts.length }))).toEqual({ ran: false, images: 0, scripts: 1 });
    expect(opened.said).toEqual([]);
  });

  test.each<[string, string]>([
    ["five thousand domains", `hostname: mail.example.org\nmail_domains: [${Array.from({ length: 5000 }, (_, index) => `d${index}.example`).join(", ")}]\n`],
    ["five hundred rules", `hostname: mail.example.org\naccess:\n${Array.from({ length: 500 }, (_, index) => `  - { path: /p${index}, allow: [192.0.2.0/24] }\n`).join("")}`],
    ["a problem on each of many lines", `hostname: mail.example.org\n${Array.from({ length: 8000 }, (_, index) => `key${index}: "\n`).join("")}`],
    ["one long line", `hostname: mail.example.org # ${"x".repeat(250_000)}\n`],
    ["ends of mappings", "}".repeat(30_000)],
    ["deep", "[".repeat(2000)],
    ["aliases", `a: &a [${"x,".repeat(1000)}]\nb: [${"*a,".repeat(100)}]\n`],
  ])("%s: the page answers again within two seconds", async (_what, text) => {
    opened = await open(url);
    const { page } = opened;
    // What the page's own thread computes, however busy the machine is.
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const busy = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
    const before = await busy();
    await page.evaluate((fragment) => void (location.hash = fragment), fragmentOf(text));
    await page.locator(".message").waitFor();
    await ready(page);
    expect(await busy() - before).toBeLessThan(2);
    expect(await textOf(page)).toBe(text);
  });
});
