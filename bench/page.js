// @ts-check
/// <reference lib="dom" />
/**
 * Measures the page in Chromium: the time until it is usable, with the processor slowed four times, and the time from a key
 * press to new files with examples/full.yaml. Prints medians of 15 runs.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const url = pathToFileURL(path("dist/web/mailcow-proxy.html")).href;
const full = readFileSync(path("examples/full.yaml"), "utf8");
const runs = 15;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });

/** A page that notes when its first file, and each next one, is drawn. @param {number} slowed */
async function opened(slowed) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowed });
  await page.addInitScript(() => {
    /** @type {{ first?: number, pressed?: number, drawn?: number }} */
    const times = {};
    Object.assign(globalThis, { times });
    const drawn = () => requestAnimationFrame(() => setTimeout(() => {
      times.first ??= performance.now();
      times.drawn = performance.now();
    }));
    new MutationObserver((changes) => {
      if (changes.some(({ target }) => (target instanceof Element ? target : target.parentElement)?.closest("pre.code") !== null || document.querySelector("pre.code") !== null && times.first === undefined)) drawn();
    }).observe(document, { subtree: true, childList: true, characterData: true });
    addEventListener("keydown", ({ timeStamp }) => {
      times.pressed = timeStamp;
      delete times.drawn;
    }, true);
  });
  await page.goto(url);
  await page.locator("#files[aria-busy=false]").waitFor();
  return { page, close: () => context.close() };
}

/** @param {import("playwright-core").Page} page @returns {Promise<{ first: number, pressed: number, drawn: number }>} */
const timesOf = (page) => page.evaluate(() => Reflect.get(globalThis, "times"));

/** @param {number[]} values */
const median = (values) => Math.round(values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0);

/** Until the first file is drawn and a key would be heard. @param {number} slowed */
async function start(slowed) {
  const taken = [];
  for (let run = 0; run < runs; run++) {
    const { page, close } = await opened(slowed);
    taken.push((await timesOf(page)).first);
    await close();
  }
  return median(taken);
}

/** From a key in the YAML, or in a field, to the new file on the screen. @param {number} slowed @param {"yaml" | "field"} where */
async function press(slowed, where) {
  const { page, close } = await opened(slowed);
  await page.getByRole("tab", { name: "YAML" }).click();
  await page.locator("#yaml").fill(full);
  await page.locator("#files[aria-busy=false]").waitFor();
  if (where === "field") await page.getByRole("tab", { name: "Form" }).click();
  const field = page.locator(where === "yaml" ? "#yaml" : "[id='field/hostname']");
  await field.focus();
  await field.evaluate((element, at) => {
    if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) element.setSelectionRange(at, at);
  }, where === "yaml" ? full.indexOf("mail.example.org") : 0);
  const taken = [];
  for (let run = 0; run < runs + 5; run++) {
    await page.keyboard.press("a");
    await page.waitForFunction(() => Reflect.get(globalThis, "times").drawn !== undefined);
    const { pressed, drawn } = await timesOf(page);
    // The first ones compile.
    if (run >= 5) taken.push(drawn - pressed);
  }
  await close();
  return median(taken);
}

console.log("| | as it is | slowed four times |\n|---|---:|---:|");
console.log(`| usable | ${await start(1)} ms | ${await start(4)} ms |`);
console.log(`| key in the YAML to new files | ${await press(1, "yaml")} ms | ${await press(4, "yaml")} ms |`);
console.log(`| key in a field to new files | ${await press(1, "field")} ms | ${await press(4, "field")} ms |`);
await browser.close();
