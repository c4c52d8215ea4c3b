/** The compose files of docs/containers.md start each server with the output's file and what it reads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { serverIds, servers } from "../src/core/site/servers.ts";
import { generate } from "../src/index.ts";
import { root } from "./support.ts";

interface Compose {
  readonly services: { readonly proxy: { readonly image: string; readonly ports: readonly string[]; readonly volumes: readonly string[]; readonly networks: readonly string[] } };
  readonly networks: Readonly<Record<string, { readonly external: boolean; readonly name: string }>>;
}

const text = readFileSync(join(root, "docs/containers.md"), "utf8");
const blocks = (section: string, language: string) => [...section.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, "gms"))].map(([, indent = "", block = ""]) => block.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
const [description = ""] = blocks(text, "yaml");
const { versions }: { readonly versions: Readonly<Record<string, string>> } = parse(description);

describe.each(serverIds.map((id) => ({ id, title: servers[id].title })))("$title", ({ id, title }) => {
  const { files, diagnostics } = generate(description.replace("[nginx,", `[${id},`));
  const file = files.find(({ target }) => target === id);
  const section = text.split(/^## /m).find((one) => one.startsWith(`${title}\n`)) ?? "";
  const [compose = ""] = blocks(section, "yaml");
  const { services: { proxy }, networks }: Compose = parse(compose);
  const mounts = proxy.volumes.map((volume) => volume.split(":"));

  test("its description is without a warning", () => {
    expect(diagnostics).toEqual([]);
    expect(file?.requires.certificates.length).toBe(1);
  });

  test("its image is of the version that the output is for", () => {
    const [, tag = ""] = proxy.image.split(":");
    expect(tag).toBe(versions[id]);
  });

  test("it is on mailcow's network and has the public ports", () => {
    expect(proxy.networks.map((network) => networks[network])).toEqual([{ external: true, name: "mailcowdockerized_mailcow-network" }]);
    expect(proxy.ports).toEqual(["80:80", "443:443"]);
  });

  test("it has the generated folder and the certificate, and can write to neither", () => {
    expect(mounts.map(([from]) => from)).toContain(`./out/${id}`);
    expect(mounts.every(([, , mode]) => mode === "ro")).toBe(true);
    const inside = (path: string) => mounts.some(([, to = ""]) => path.startsWith(`${to}/`));
    for (const { certificate, key, combined } of file?.requires.certificates ?? []) expect((combined === undefined ? [certificate, key] : [combined]).filter((path) => !inside(path))).toEqual([]);
  });

  test("it loads the modules", () => {
    const loaded = new Set([...section.matchAll(/^LoadModule (\w+)_module /gm)].map(([, name]) => name));
    expect((file?.requires.modules ?? []).filter((name) => !loaded.has(name))).toEqual([]);
  });
});
