/** Everybody can use the page: by keyboard, with a screen reader, on a small screen, on paper, and from the disk. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import description from "../../schemas/description.schema.json" with { type: "json" };
import { targetIds, targets } from "../../src/targets/index.ts";
import { type Opened, open, pick, ready, textOf, write } from "./browser.ts";

const mistaken = "hostname: mail\nmailcow:\n  http: { port: 8081 }\nunknown: 1\naccess:\n  - { path: rspamd, allow: [192.0.2.0/24] }\ntls: { sni: 1 }\n";

const conf = "MAILCOW_HOSTNAME=mail.example.org\nDBPASS=secret\nHTTP_PORT=80\nADDITIONAL_SERVER_NAMES=a b\n";

let opened: Opened;
afterEach(() => opened.close());

async function openAll({ page }: Opened): Promise<void> {
  await page.evaluate(() => {
    for (const group of document.querySelectorAll<HTMLDetailsElement>(".group, .more, #problems")) group.open = true;
  });
}

/** Places in the page in which everything is seen at least once. */
const states: readonly [string, (opened: Opened) => Promise<void>][] = [
  ["the first view", async () => {}],
  ["every field", openAll],
  ["problems in the form", async (one) => {
    await write(one.page, mistaken);
    await one.page.getByRole("tab", { name: "Form" }).click();
    await openAll(one);
  }],
  ["problems in the YAML", async ({ page }) => {
    await write(page, mistaken);
    await page.locator(".gutter button").first().click();
  }],
  ["a mailcow.conf", async (one) => {
    await pick(one.page, "mailcow.conf", new TextEncoder().encode(conf));
    await openAll(one);
  }],
  ["a changed file", async ({ page }) => {
    await page.getByRole("button", { name: "Download" }).click();
    await page.locator("[id='field/hostname']").fill("mail.example.net");
    await ready(page);
    await page.getByRole("button", { name: "What changed" }).click();
  }],
];

describe.each(states)("%s", (_what, prepare) => {
  test("axe finds nothing, in either scheme", async () => {
    opened = await open();
    await prepare(opened);
    // The page's own policy would not let it in.
    const session = await opened.page.context().newCDPSession(opened.page);
    await session.send("Runtime.evaluate", { expression: axe.source });
    for (const colorScheme of ["light", "dark"] as const) {
      await opened.page.emulateMedia({ colorScheme });
      const { result } = await session.send("Runtime.evaluate", { expression: "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 150))])))", awaitPromise: true });
      expect(JSON.parse(String(result.value)), colorScheme).toEqual([]);
    }
  });

  test("nothing scrolls sideways on a small screen", async () => {
    opened = await open(undefined, { viewport: { width: 320, height: 640 } });
    await prepare(opened);
    for (const width of [320, 390, 768]) {
      await opened.page.setViewportSize({ width, height: 640 });
      const wide = await opened.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { over: scrollWidth - clientWidth, cut: [...document.querySelectorAll("button, input, select, label, h1, p")].filter((element) => {
          const { right, width: own } = element.getBoundingClientRect();
          return own > 0 && right > clientWidth + 1 && element.closest(".code, .run, .editor, .scroll, pre, .status") === null;
        }).map((element) => element.outerHTML.slice(0, 120)) };
      });
      expect(wide, `${width} pixels`).toEqual({ over: 0, cut: [] });
    }
  });
});

describe("by keyboard only", () => {
  /** Presses Tab until the element with this name has the focus. */
  async function reach({ page }: Opened, wanted: RegExp, most = 60): Promise<void> {
    for (let presses = 0; presses < most; presses++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        return `${element?.id ?? ""} ${element?.getAttribute("aria-label") ?? ""} ${element?.textContent ?? ""}`.trim();
      });
      if (wanted.test(name)) return;
    }
    throw new Error(`the Tab key does not reach ${wanted}`);
  }

  test("a host is described, a mistake is corrected with its help, and a file is copied", async () => {
    opened = await open();
    const { page } = opened;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await reach(opened, /^field\/hostname/);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("mail.example.net.");
    await reach(opened, /^Write mail\.example\.net$/);
    await page.keyboard.press("Enter");
    await ready(page);
    expect(await page.locator("[id='field/hostname']").inputValue()).toBe("mail.example.net");
    await reach(opened, /^view-form/);
    await page.keyboard.press("ArrowRight");
    await reach(opened, /^yaml/);
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("mail_domains: [example.net]\n");
    await ready(page);
    await reach(opened, /^file-/);
    await page.keyboard.press("ArrowRight");
    const second = await page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press("End");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-selected"))).toBe("true");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe(second);
    await reach(opened, /Copy$/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("mail.example.net");
  });

  test("the focus is always seen, and no control keeps it", async () => {
    opened = await open();
    const { page } = opened;
    const seen = new Set<string>();
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return undefined;
        const outlined = [element, element.nextElementSibling, element.closest(".editor")].some((one) => one !== null && one !== undefined && (getComputedStyle(one).outlineStyle !== "none" || getComputedStyle(one).boxShadow !== "none"));
        return { html: element.outerHTML.slice(0, 200), outlined };
      });
      if (focus === undefined) break;
      expect(focus.outlined, focus.html).toBe(true);
      seen.add(focus.html);
    }
    expect(seen.size).toBeGreaterThan(15);
  });
});

describe("the form", () => {
  /** Of every key of a schema, but for those of entries of lists. */
  function pointers(node: unknown, parent: string): string[] {
    if (typeof node !== "object" || node === null || !("properties" in node)) return [];
    return Object.entries(node.properties ?? {}).flatMap(([key, inner]) => [`${parent}/${key}`, ...pointers(inner, `${parent}/${key}`)]);
  }

  test("has a field for every key of the schema, and every target", async () => {
    opened = await open();
    const { page } = opened;
    const expected = pointers(description, "");
    expect(expected.length).toBeGreaterThan(50);
    const grouped = new Set(Object.keys(description.properties));
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
    // A mapping at the top is a group of its own.
    const has = (pointer: string) => ids.includes(`field${pointer}`) || (grouped.has(pointer.slice(1)) && ids.includes(`group-${pointer.slice(1)}`));
    expect(expected.filter((pointer) => !has(pointer))).toEqual([]);
    const chips = await page.locator("[id='field/targets'] .chip").allTextContents();
    expect(chips.map((text, index) => text.slice(0, targets[targetIds[index] ?? "nginx"].title.length))).toEqual(targetIds.map((id) => targets[id].title));
    expect(new Set(chips).size).toBe(chips.length);
  });

  test("changes one value and keeps comments and order", async () => {
    opened = await open();
    const { page } = opened;
    await write(page, "# The host of example.org\nhostname: mail.example.org # the name\n\n# Where mailcow is\nmailcow:\n  http: { port: 8090 } # not 8080\n");
    await page.getByRole("tab", { name: "Form" }).click();
    await openAll(opened);
    await page.locator("[id='field/mailcow/http/port']").fill("8091");
    await page.locator("[id='field/mail_domains']").fill("example.org\nexample.net\n");
    await page.locator("[id='field/targets'] label", { hasText: "certbot" }).click();
    await page.locator("[id='field/tls/issuer']").selectOption("certbot");
    await page.locator("[id='field/tls/email']").fill("you@example.org");
    await page.locator("[id='field/serve_hostname']").press("Space");
    await page.locator("[id='field/serve_hostname']").press("Space");
    await page.getByRole("button", { name: "Add to Access" }).click();
    await page.locator("[id='field/access/0/path']").fill("/admin");
    await ready(page);
    const text = await textOf(page);
    expect(text).toBe(`# The host of example.org
hostname: mail.example.org # the name

# Where mailcow is
mailcow:
  http: { port: 8091 } # not 8080
mail_domains: [example.org, example.net]
targets: [${["nginx", "apache", "haproxy", "mailcow-conf", "certbot"].join(", ")}]
tls:
  issuer: certbot
  email: you@example.org
access:
  - { path: /admin, allow: [192.0.2.0/24] }
`);
    for (let step = 0; step < 8; step++) await page.getByRole("button", { name: "Undo" }).first().click();
    await page.getByRole("button", { name: "Redo" }).click();
    expect((await textOf(page)).startsWith("# The host of example.org\n")).toBe(true);
  });

  test("shows the YAML's values, and is closed while the YAML cannot be read", async () => {
    opened = await open();
    const { page } = opened;
    await write(page, "hostname: mail.example.org\nmail_domains:\n  - example.org\n  - example.net\nproxy: { proxy_protocol: { accept: true } }\n");
    await page.getByRole("tab", { name: "Form" }).click();
    await openAll(opened);
    expect(await page.locator("[id='field/mail_domains']").inputValue()).toBe("example.org\nexample.net");
    expect(await page.locator("[id='field/proxy/proxy_protocol/accept']").isChecked()).toBe(true);
    await write(page, "hostname: [\n");
    await page.getByRole("tab", { name: "Form" }).click();
    expect(await page.locator("[id='field/mail_domains']").isDisabled()).toBe(true);
    expect(await page.getByText("These are the files before the mistake.").count()).toBe(1);
  });

  test("shows a problem at its field, which names it", async () => {
    opened = await open();
    const { page } = opened;
    await write(page, mistaken);
    await page.getByRole("button", { name: "Show the field" }).nth(1).click();
    const port = page.locator("[id='field/mailcow/http/port']");
    await port.waitFor();
    expect(await port.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await port.getAttribute("aria-invalid")).toBe("true");
    const described = await port.evaluate((element) => (element.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "missing").join("\n"));
    expect(described).toContain("mailcow's nginx already uses port 8081");
    expect(described).not.toContain("missing");
    await page.locator(".field", { has: port }).getByRole("button", { name: "Use another port, e.g. 8080" }).click();
    await ready(page);
    expect(await port.getAttribute("aria-invalid")).toBe("false");
  });

  test("every situation is a preset without an error", async () => {
    opened = await open();
    const { page } = opened;
    const count = await page.locator(".menu li button").count();
    expect(count).toBeGreaterThan(10);
    for (let index = 0; index < count; index++) {
      await page.locator(".menu > summary").click();
      await page.locator(".menu li button").nth(index).click();
      await ready(page);
      expect(await page.locator("#problems .problem.error").count()).toBe(0);
    }
  });
});

test("in the YAML, a problem is marked behind a secret as well, and its line selects it", async () => {
  opened = await open();
  const { page } = opened;
  await write(page, "{ hostname: mail.example.org, password: a-very-long-password-of-mine, mail_domains: 1 }\n");
  const marked = () => page.evaluate(() => [...(CSS.highlights.get("error") ?? [])].map(({ startOffset, endOffset, startContainer }) => startContainer.textContent?.slice(startOffset, endOffset)));
  expect(await marked()).toEqual(["password", "1"]);
  await page.getByRole("button", { name: "Line 1" }).last().click();
  await page.waitForFunction(() => document.activeElement?.id === "yaml");
  expect(await page.locator("#yaml").evaluate((area) => (area instanceof HTMLTextAreaElement ? area.value.slice(area.selectionStart, area.selectionEnd) : ""))).toBe("1");
});

test("on paper are all files and nothing else", async () => {
  opened = await open();
  const { page } = opened;
  await page.evaluate(() => void dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("#page").isVisible()).toBe(false);
  expect(await page.locator("#paper pre").count()).toBe(await page.locator(".files [role=tab]").count());
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
});

test("it runs from the disk, where its licences are in the file", async () => {
  opened = await open();
  expect(opened.page.url()).toMatch(/^file:/);
  expect(opened.said).toEqual([]);
  expect(opened.requests.filter((one) => !one.startsWith("data:"))).toEqual([opened.page.url()]);
  expect(await opened.page.content()).toContain("Permission is hereby granted");
});
