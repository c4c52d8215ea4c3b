/** Traefik's warnings and errors, which the tests of all servers expect not to see. */
import { writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { type Rendered, renderValid } from "../world/description.ts";
import { freshFilesystem } from "../world/filesystem.ts";
import { install, validate } from "../world/installation.ts";
import { isComplaint, proxy } from "../world/proxy.ts";
import { type Running, startServer } from "../world/world.ts";

const description = "hostname: mail.example.org\nmail_domains: [example.org]\n";

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function prepare(text: string): Promise<Rendered> {
  freshFilesystem();
  await proxy.prepare();
  const rendered = renderValid(text);
  install(rendered.outputs);
  return rendered;
}

/** The entry points of which Traefik says that they lack the setting. */
async function withoutStrategy(text: string): Promise<string[]> {
  const { outputs } = await prepare(text);
  return [...validate(outputs).text.matchAll(/ WRN aliasHeadersStrategy is not configured.* entryPointName=(\w+)$/gm)].map(([, name = ""]) => name).toSorted();
}

describe("company", () => {
  test("a router without its service is a complaint, and fails the check", async () => {
    const { outputs } = await prepare(description);
    writeFileSync(proxy.brokenPlace, "http:\n  routers:\n    one: { rule: 'Host(`one.example.net`)', service: missing }\n");
    const missing = expect.stringContaining('the service \\"missing@file\\" does not exist');
    const { status, text } = validate(outputs);
    expect({ status, complaints: text.split("\n").filter(isComplaint) }).toEqual({ status: 1, complaints: expect.arrayContaining([missing]) });
    running = await startServer([{ host: "127.0.0.1", port: 80 }], new Set());
    expect(running.complaints()).toContainEqual(missing);
  });

  test("with its version in the description, Traefik does not warn of our entry points", async () => {
    expect(await withoutStrategy(description)).toEqual(["traefik", "web", "websecure"]);
    expect(await withoutStrategy(`${description}versions: { traefik: "3.7.12" }\n`)).toEqual(["traefik"]);
  });
});
