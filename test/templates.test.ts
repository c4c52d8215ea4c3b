/** `templates`: what it exports is what the program uses, and what it says of the values is what templates get. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checker } from "../src/pipeline/check.ts";
import { targetIds, targets } from "../src/targets/index.ts";
import { mailcowProxyIn } from "./real-io.ts";
import { cases, filesBelow, root, sharedCases } from "./support.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-"));
  writeFileSync(join(folder, "mail.yaml"), "hostname: mail.example.org\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => mailcowProxyIn(folder, args);

test("lists each template once, by the path that --templates reads", async () => {
  const { status, out } = await run("templates");
  expect(status).toBe(0);
  expect(out.split("\n").slice(0, -1)).toEqual(targetIds.flatMap((id) => Object.keys(targets[id].templates).map((file) => `${id}/${file}`)));
  expect(out).toContain("apache/certificate-notes.hbs\n");
  expect((await run("templates", "mailcow-conf", "nginx/tls.conf.hbs")).out).toBe("mailcow-conf/mailcow.conf.hbs\nnginx/tls.conf.hbs\n");
});

test("exports all templates, and they give the same files as the built-in ones", async () => {
  const { out } = await run("templates", "--export", "own");
  const listed = (await run("templates")).out.split("\n").slice(0, -1);
  expect(out).toBe(listed.map((path) => `written    own/${path}\n`).join(""));
  expect(filesBelow(join(folder, "own"))).toEqual(listed.toSorted());
  const lines = [...cases("ok").map(({ file }) => [join(root, file)]), ...sharedCases().map(({ descriptions }) => ["--shared", ...descriptions.map(({ file }) => join(root, file))])];
  let compared = 0;
  for (const line of lines) {
    const builtIn = await run("generate", ...line, "--format", "json");
    expect(await run("generate", ...line, "--format", "json", "--templates", "own")).toEqual(builtIn);
    if (builtIn.status === 0) compared++;
  }
  expect(compared).toBeGreaterThan(40);
});

test("exports one template, which can then be changed", async () => {
  expect((await run("templates", "mailcow-conf/mailcow.conf.hbs", "--export", "own")).out).toBe("written    own/mailcow-conf/mailcow.conf.hbs\n");
  appendFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), "# for {{hostname}}\n");
  expect((await run("generate", "mail.yaml", "-t", "mailcow-conf", "--templates", "own")).out).toMatch(/\n# for mail\.example\.org\n$/);
});

test("does not overwrite a template that was changed, and then writes nothing", async () => {
  await run("templates", "nginx/tls.conf.hbs", "--export", "own");
  expect((await run("templates", "nginx/tls.conf.hbs", "--export", "own")).out).toBe("unchanged  own/nginx/tls.conf.hbs\n");
  appendFileSync(join(folder, "own/nginx/tls.conf.hbs"), "# ours\n");
  expect(await run("templates", "nginx", "--export", "own")).toEqual({
    status: 3,
    out: "",
    err: "mailcow-proxy: cannot write own/nginx/tls.conf.hbs: it already exists and is different\nNothing was written. Export to another folder, and compare the two.\n",
  });
  expect(filesBelow(join(folder, "own"))).toEqual(["nginx/tls.conf.hbs"]);
});

test("prints the values of a description's targets", async () => {
  const { status, out, err } = await run("templates", "--values", "mail.yaml");
  expect({ status, err }).toEqual({ status: 0, err: "" });
  const values: Record<string, { hostname: string }> = JSON.parse(out);
  expect(Object.keys(values)).toEqual(["nginx", "apache", "haproxy", "mailcow-conf"]);
  expect(values["nginx"]?.hostname).toBe("mail.example.org");
  expect(Object.keys(JSON.parse((await run("templates", "apache/tls.conf.hbs", "--values", "mail.yaml")).out))).toEqual(["apache"]);
});

test.each(cases("ok").map(({ name, file, bytes }) => [name, file, bytes] as const))("prints all that templates get: %s", async (_, file, bytes) => {
  const { site, targets: ids } = checker()({ source: bytes, file });
  if (site === undefined) throw new Error("the description is valid");
  const printed: unknown = JSON.parse((await run("templates", "--values", join(root, file))).out);
  expect(printed).toEqual(Object.fromEntries(ids.map((id) => [id, asPrinted(targets[id].view([site]))])));
});

/** The value with null for what is not set. Anything that JSON does not have would be lost. */
function asPrinted(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(asPrinted);
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asPrinted(inner)]));
  if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return value;
  throw new Error(`a value of the type ${typeof value} is not in JSON`);
}

test("reports a description that is wrong in place of its values", async () => {
  writeFileSync(join(folder, "mail.yaml"), "hostname: mail\n");
  const { status, out, err } = await run("templates", "nginx", "--values", "mail.yaml");
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect(err).toContain("[host-name]");
});
