/** What the page promises: nothing that is typed or opened leaves it, and nothing stays behind. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Opened, open, pick, ready, served, write } from "./browser.ts";

/** Every value that mailcow keeps secret, marked. */
const secrets = ["DBPASS", "DBROOT", "REDISPASS", "API_KEY", "API_KEY_READ_ONLY", "SOGO_ENCRYPTION_KEY", "MY_OWN_TOKEN"].map((key) => ({ key, value: `marked-${key.toLowerCase()}-9f3a` }));

const conf = `# The old one: DBPASS=marked-comment-9f3a
MAILCOW_HOSTNAME=mail.example.org
HTTP_PORT=80
HTTP_BIND=
HTTPS_PORT=443
HTTPS_BIND=
${secrets.map(({ key, value }) => `${key}=${value}`).join("\n")}
`;

let opened: Opened;
afterEach(() => opened.close());

/** All that the browser could show of the page: text, attributes, values of controls, and its address. */
function shownOn({ page }: Opened): Promise<string> {
  return page.evaluate(() => {
    const values = [...document.querySelectorAll("input, textarea, select")].map((control) => (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement ? control.value : ""));
    return [document.documentElement.outerHTML, ...values, location.href].join("\n");
  });
}

/** What a page can leave behind in a browser. */
function keptBy({ page }: Opened): Promise<unknown> {
  return page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    cookies: document.cookie,
    databases: await indexedDB.databases(),
    caches: "caches" in globalThis ? await caches.keys() : [],
    workers: "serviceWorker" in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    history: history.length,
    name: window.name,
  }));
}

const nothing = { local: [], session: [], cookies: "", databases: [], caches: [], workers: 0, name: "" };

describe("with a mailcow.conf open", () => {
  let stop = () => {};
  let url = "";
  beforeEach(async () => {
    ({ stop, url } = await served());
    opened = await open(url);
  });
  afterEach(() => stop());

  test("nothing is asked for after the page has loaded, and nothing is stored", async () => {
    const { page, requests, said } = opened;
    const asked = requests.length;
    expect(asked).toBeGreaterThan(5);
    expect(requests.every((one) => one.startsWith(url) || one.startsWith("data:"))).toBe(true);
    const { history } = await page.evaluate(() => ({ history: globalThis.history.length }));

    await pick(page, "mailcow.conf", new TextEncoder().encode(conf));
    await page.getByText("The same as a diff").click();
    await write(page, "hostname: mail.example.org\nmail_domains: [example.net]\nmailcow:\n  http: { port: 8090 }\n");
    await page.getByRole("tab", { name: "Your mailcow.conf" }).click();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator(".message", { hasText: "link" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).first().click();
    await page.waitForTimeout(500);

    expect(requests.slice(asked).filter((one) => !one.startsWith("blob:"))).toEqual([]);
    expect(await keptBy(opened)).toEqual({ ...nothing, history });
    expect(said).toEqual([]);
  });

  test("no secret is shown, in the link, in the YAML or in the diff", async () => {
    const { page } = opened;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await pick(page, "mailcow.conf", new TextEncoder().encode(conf));
    await page.getByText("The same as a diff").click();
    await page.getByText("The new file, without secrets").click();
    expect(await page.locator(".merged .diff").textContent()).toContain("+HTTP_PORT=8080");
    for (const tab of ["Form", "YAML"]) {
      await page.getByRole("tab", { name: tab, exact: true }).click();
      const text = await shownOn(opened);
      for (const { value } of [...secrets, { value: "marked-comment-9f3a" }]) expect(text).not.toContain(value);
    }
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator(".message", { hasText: "link" }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const other = await open(link);
    await other.page.locator(".message").waitFor();
    const text = await shownOn(other);
    expect(text).not.toContain("marked-");
    await other.close();
  });

  test("the new file has every secret, and the description's values", async () => {
    const { page } = opened;
    await pick(page, "mailcow.conf", new TextEncoder().encode(conf));
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the new mailcow.conf" }).click()]);
    expect(download.suggestedFilename()).toBe("mailcow.conf");
    const text = readFileSync(await download.path(), "utf8");
    for (const { key, value } of secrets) expect(text).toContain(`${key}=${value}\n`);
    expect(text).toContain("HTTP_PORT=8080\n");
    expect(text.split("\n")[0]).toBe(conf.split("\n")[0]);
  });

  test("it can be pasted and dropped, wherever the cursor is, and never lands in a field", async () => {
    const { page } = opened;
    await page.getByRole("tab", { name: "YAML" }).click();
    await page.locator("#yaml").focus();
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, conf);
    await page.getByRole("tab", { name: "Your mailcow.conf" }).waitFor();
    expect(await shownOn(opened)).not.toContain("marked-");
    await page.getByRole("button", { name: "Close this file" }).click();
    expect(await page.getByRole("tab", { name: "Your mailcow.conf" }).count()).toBe(0);

    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "mailcow.conf"));
      for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }, conf);
    await page.getByRole("tab", { name: "Your mailcow.conf" }).waitFor();
    await ready(page);
    expect(await shownOn(opened)).not.toContain("marked-");
  });
});

test("the policy of both forms allows no request", async () => {
  opened = await open();
  let reached = 0;
  const stranger = createServer((_request, response) => {
    reached++;
    response.end();
  });
  const port = await new Promise<number>((resolve) => stranger.listen(0, "127.0.0.1", () => {
    const bound = stranger.address();
    resolve(typeof bound === "object" && bound !== null ? bound.port : 0);
  }));
  for (const file of ["index.html", "mailcow-proxy.html"]) {
    const { stop, url } = await served();
    const { page } = opened;
    await page.goto(`${url}${file}`);
    await ready(page);
    const outcome = await page.evaluate(async (other) => {
      const attempts = {
        fetch: () => fetch(`http://${other}/`),
        self: () => fetch("/"),
        beacon: async () => navigator.sendBeacon(`http://${other}/`, "x"),
        image: () => new Promise((resolve, reject) => {
          const image = new Image();
          image.addEventListener("load", resolve);
          image.addEventListener("error", () => reject(new Error("refused")));
          image.src = `http://${other}/x.png`;
        }),
        socket: async () => new WebSocket(`ws://${other}/`),
        evaluate: async () => Reflect.construct(Function, ["return 1"])(),
        markup: async () => void (document.body.innerHTML = "<p>"),
        script: async () => {
          const script = document.createElement("script");
          script.src = "data:text/javascript,globalThis.ran = true";
        },
      };
      const done: string[] = [];
      const violations: string[] = [];
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.push(effectiveDirective));
      for (const [name, attempt] of Object.entries(attempts)) {
        try {
          await attempt();
          done.push(name);
        } catch {}
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { done, violations: [...new Set(violations)].toSorted() };
    }, `127.0.0.1:${port}`);
    // These two say nothing to the page when they are stopped.
    expect(outcome.done.filter((name) => name !== "beacon" && name !== "socket")).toEqual([]);
    expect(outcome.violations).toEqual(expect.arrayContaining(["connect-src", "img-src", "require-trusted-types-for"]));
    stop();
  }
  expect(reached).toBe(0);
  stranger.close();
});
