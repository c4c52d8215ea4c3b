/** mailcow's files that are merged: the page does what `merge` does, and shows no secret. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mergedFileIds, mergedFileNamed, mergedFiles } from "../../src/pipeline/merged-files.ts";
import { mailcowProxy } from "../memory-io.ts";
import { root } from "../support.ts";
import { type Opened, open, pick, ready, textOf, write } from "./browser.ts";

const folder = join(root, "test/cases/merged");

/** Each case has a description, and a file by the name that mailcow gives it. */
const cases = readdirSync(folder).map((name) => {
  const file = readdirSync(join(folder, name)).find((one) => one !== "description.yaml") ?? "";
  const id = mergedFileNamed(file);
  if (id === undefined) throw new Error(`${name} has no file of mailcow`);
  return { name, id, file, bytes: readFileSync(join(folder, name, file)), description: readFileSync(join(folder, name, "description.yaml"), "utf8") };
});

/** Every secret of the cases is spelled so. */
const secret = /the-[a-z-]*(?:password|key)/;

let opened: Opened;
beforeEach(async () => {
  opened = await open();
});
afterEach(async () => {
  expect(opened.said).toEqual([]);
  await opened.close();
});

/** What the command makes of a case. */
function merge({ id, bytes, description }: (typeof cases)[number], ...options: readonly string[]) {
  const path = `/opt/mailcow-dockerized/${id}`;
  const conf = id === "mailcow.conf" ? {} : { "/opt/mailcow-dockerized/mailcow.conf": "MAILCOW_HOSTNAME=mail.example.org\n" };
  return mailcowProxy(["merge", "--into", path, ...options], { ...conf, "mailcow-proxy.yaml": description, [path]: bytes.toString("latin1") });
}

const shown = () => opened.page.evaluate(() => [document.documentElement.outerHTML, ...[...document.querySelectorAll("textarea")].map(({ value }) => value)].join("\n"));

test("there is a case for each file but mailcow.conf, which has tests of its own", () => {
  expect(mergedFileIds.filter((id) => id !== "mailcow.conf" && !cases.some((one) => one.id === id))).toEqual([]);
});

test.each(cases)("$name: the file, its difference and its problems are those of the command", async (one) => {
  const { page } = opened;
  await write(page, one.description);
  await pick(page, one.file, one.bytes);
  const { status, out, err } = await merge(one);
  const problems = [...err.matchAll(/^.*:(\d+):\d+: (error|warning|note): (.*) \[([a-z0-9-]+)\]$/gm)].filter(([line]) => line.includes(one.file)).map(([, line, severity, message, code]) => ({ line, severity, message: Buffer.from(message ?? "", "latin1").toString(), code }));
  const listed = await page.locator(".merged li").evaluateAll((items) => items.map((item) => {
    const [, severity, message, code] = /^(\w+) (.*) ([a-z0-9-]+)$/s.exec(item.querySelector(".problem > p")?.textContent ?? "") ?? [];
    return { line: /^Line (\d+)$/.exec(item.querySelector("p.quiet")?.textContent ?? "")?.[1], severity: severity?.toLowerCase(), message, code };
  }));
  expect(listed).toEqual(problems);
  const button = page.getByRole("button", { name: `Download the new ${mergedFiles[one.id].names[0]}` });
  if (status !== 0 || Buffer.from(out, "latin1").equals(one.bytes)) {
    expect(await button.count()).toBe(0);
    return;
  }
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  expect(readFileSync(await download.path()).equals(Buffer.from(out, "latin1"))).toBe(true);
  for (const text of ["The same as a diff", "The new file"]) await page.getByText(text).click();
  const { out: diff } = await merge(one, "--diff");
  const lines = Buffer.from(diff, "latin1").toString().split("\n").filter((line) => !/^(?:---|\+\+\+) /.test(line));
  expect(await page.locator(".merged .diff span").allTextContents()).toEqual(lines);
  expect(await shown()).not.toMatch(secret);
});

describe.each(mergedFileIds)("%s", (id) => {
  const [name] = mergedFiles[id].names;
  const one = cases.find((candidate) => candidate.id === id) ?? { bytes: Buffer.from("MAILCOW_HOSTNAME=mail.example.org\nDBPASS=the-password\n"), description: "hostname: mail.example.org\n", id, name: "", file: name };
  const tab = () => opened.page.getByRole("tab", { name: `Your ${name}` });

  test("is opened with its generated file", async () => {
    const { page } = opened;
    await write(page, one.description);
    const offer = page.getByRole("button", { name: `Open your ${name}` });
    for (const other of await page.locator(".files [role=tab]").all()) {
      await other.click();
      if (await offer.isVisible()) break;
    }
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), offer.click()]);
    await chooser.setFiles({ name: "copy.txt", mimeType: "text/plain", buffer: one.bytes });
    await tab().waitFor();
    await ready(page);
    expect(await tab().getAttribute("aria-selected")).toBe("true");
  });

  test("is dropped under any of its names", async () => {
    const { page } = opened;
    for (const other of mergedFiles[id].names) {
      await page.evaluate(([text, file]) => {
        const data = new DataTransfer();
        data.items.add(new File([text ?? ""], file ?? ""));
        for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }, [one.bytes.toString(), other]);
      await tab().waitFor();
      await page.getByRole("button", { name: "Close this file" }).click();
      expect(await tab().count()).toBe(0);
    }
  });

  test("is pasted, and lands in no field", async () => {
    const { page } = opened;
    const before = await textOf(page);
    await page.locator("#yaml").focus();
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, one.bytes.toString());
    await tab().waitFor();
    await ready(page);
    expect(await shown()).not.toMatch(secret);
    if (id !== "mailcow.conf") expect(await textOf(page)).toBe(before);
  });
});

test("a file that no target needs names those that would", async () => {
  const { page } = opened;
  await write(page, "hostname: mail.example.org\nrelayhost: { host: relay.example.net }\n");
  await pick(page, "extra.cf", Buffer.from("message_size_limit = 1\n"));
  expect(await page.locator(".merged .notice").textContent()).toContain("No target of the description sets values in this file. Add one to the targets: a relayhost");
  await write(page, "hostname: mail.example.org\nrelayhost: { host: relay.example.net }\ntargets: [nginx, relayhost]\n");
  await page.getByRole("button", { name: "Download the new extra.cf" }).waitFor();
});

test("several files are open at once", async () => {
  const { page } = opened;
  const files = [{ name: "mailcow.conf", text: "MAILCOW_HOSTNAME=mail.example.net\n" }, { name: "extra.cf", text: "myhostname = mail.example.net\n" }];
  await page.locator("input[type=file]").setInputFiles(files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));
  for (const { name } of files) await page.getByRole("tab", { name: `Your ${name}` }).waitFor();
  expect(await textOf(page)).toContain("hostname: mail.example.net\n");
});
