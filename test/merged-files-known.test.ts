/** Which of mailcow's files a pasted text is. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mergedFileIn, mergedFileNamed } from "../src/pipeline/merged-files.ts";
import { cases, root } from "./support.ts";

const merged = join(root, "test/cases/merged");
const confs = join(root, "test/cases/merge");

/** Files that are empty, or have nothing that tells. */
const untold = new Set(["relayhost-empty", "logging-empty", "dovecot-empty", "ports-empty", "relayhost-faults", "logging-scalar"]);

describe("a text without a name", () => {
  test.each(readdirSync(merged).filter((name) => !untold.has(name)))("%s is known as the file that it is", (name) => {
    const file = readdirSync(join(merged, name)).find((one) => one !== "description.yaml") ?? "";
    expect(mergedFileIn(readFileSync(join(merged, name, file), "latin1"))).toBe(mergedFileNamed(file));
  });

  test("is a mailcow.conf if it has its values", () => {
    const texts = readdirSync(confs).filter((name) => name.endsWith(".conf")).map((name) => readFileSync(join(confs, name), "latin1")).filter((text) => /^MAILCOW_HOSTNAME=/m.test(text));
    expect(texts.length).toBeGreaterThan(20);
    expect(new Set(texts.map(mergedFileIn))).toEqual(new Set(["mailcow.conf"]));
  });

  test("is none of them if it is a description", () => {
    expect(cases("ok").filter(({ bytes }) => mergedFileIn(Buffer.from(bytes).toString()) !== undefined).map(({ name }) => name)).toEqual([]);
  });

  test.each(["# nothing\n", "example.org\nexample.net\n", "ssl_min_protocol = TLSv1.2\nworkers = 50\n", "server {\n  listen 80;\n}\n", "key = value\n"])("%j is none of them", (text) => {
    expect(mergedFileIn(text)).toBeUndefined();
  });
});
