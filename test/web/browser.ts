/** The page in Chromium: from the disk as one file, or served as static files. */
import { readFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { inject } from "vitest";

let browser: Promise<Browser> | undefined;

/** One browser for a run; Vitest ends it with the worker. */
function launched(): Promise<Browser> {
  // Chromium's sandbox does not work for root.
  return (browser ??= chromium.launch({ executablePath: "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] }));
}

export interface Opened {
  readonly page: Page;
  /** What the page said on its console, and its errors. */
  readonly said: readonly string[];
  /** URLs that it asked for. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

const single = () => pathToFileURL(join(inject("builtPage"), "mailcow-proxy.html")).href;

/** @param url by default, the file on the disk */
export async function open(url: string = single(), options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await (await launched()).newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const said: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  context.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  await ready(page);
  // The other parts come without being asked for.
  await page.locator("main[data-complete=true]").waitFor();
  return { page, said, requests, close: () => context.close() };
}

/** Waits until the files are those of the description. */
export async function ready(page: Page): Promise<void> {
  await page.locator("#files[aria-busy=false]").waitFor();
}

/** Puts a text into the description's YAML. */
export async function write(page: Page, text: string): Promise<void> {
  if (!(await page.locator("#yaml").isVisible())) await page.getByRole("tab", { name: "YAML" }).click();
  await page.locator("#yaml").fill(text);
  await ready(page);
}

export async function textOf(page: Page): Promise<string> {
  if (!(await page.locator("#yaml").isVisible())) await page.getByRole("tab", { name: "YAML" }).click();
  return page.locator("#yaml").inputValue();
}

/** Opens a file with the page's picker. */
export async function pick(page: Page, name: string, content: Uint8Array): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
  await page.locator(".message").waitFor();
  await ready(page);
}

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".txt": "text/plain" };

/** Serves the folder of static files. */
export async function served(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server: Server = createServer(({ url = "/" }, response) => {
    const name = url === "/" ? "index.html" : url.slice(1);
    try {
      const content = readFileSync(join(inject("builtPage"), name));
      response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  const port = await new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => {
    const bound = server.address();
    resolve(typeof bound === "object" && bound !== null ? bound.port : 0);
  }));
  return { url: `http://127.0.0.1:${port}/`, stop: () => void server.close() };
}
