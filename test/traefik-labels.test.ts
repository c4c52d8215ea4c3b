/** The labels for Traefik say what the file for its file provider says, and merge keeps no router of an earlier description. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { YamlMapping } from "../src/core/output/yaml-writer.ts";
import { checker } from "../src/pipeline/check.ts";
import { dynamicConfiguration } from "../src/targets/traefik/document.ts";
import { labelled } from "../src/targets/traefik/labels.ts";
import { mailcowProxy } from "./memory-io.ts";
import { cases } from "./support.ts";

interface Tree {
  [key: string]: Tree | string;
}

/** The tree of the labels' names, which have no dot or bracket except between their parts. */
function treeOf(labels: Readonly<Record<string, string>>): Tree {
  const tree: Tree = {};
  for (const [name, value] of Object.entries(labels)) {
    const path = name.split(".");
    const last = path.pop() ?? "";
    let at = tree;
    for (const part of path) {
      const next = (at[part] ??= {});
      if (typeof next === "string") throw new Error(`${name} is below a label`);
      at = next;
    }
    if (Object.hasOwn(at, last)) throw new Error(`${name} is there twice, or has labels below it`);
    at[last] = value;
  }
  return tree;
}

/** A part of the file with its values as text, as labels have them: lists with commas, and an empty mapping as `true`. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(",");
  if (typeof value !== "object" || value === null) return String(value);
  // A list of mappings has the place in brackets behind the key, and an empty list is none.
  const entries = Object.entries(value).filter(([, one]) => !Array.isArray(one) || one.length > 0).flatMap(([key, one]: [string, unknown]) => (Array.isArray(one) && one.some((each) => typeof each === "object") ? one.map((each: unknown, index) => [`${key}[${index}]`, asTexts(each)]) : [[key, asTexts(one)]]));
  return entries.length === 0 ? "true" : Object.fromEntries(entries);
}

/** The address of each server is that of the container. */
function withoutAddress(services: YamlMapping): unknown {
  return JSON.parse(JSON.stringify(services).replaceAll(/"servers":\[\{"url":"(https?):\/\/[^"]*:(\d+)"\}\]/g, '"server":{"scheme":"$1","port":"$2"}'));
}

const described = cases("ok").flatMap(({ name, file, bytes }) => {
  const { site, targets } = checker()({ source: bytes, file });
  return site !== undefined && targets.some((id) => id.startsWith("traefik")) ? [{ name, site }] : [];
});

test("there are cases", () => expect(described.length).toBeGreaterThan(25));

describe.each(described)("$name", ({ site }) => {
  const { labels, file } = labelled(site);
  const document = JSON.parse(JSON.stringify(dynamicConfiguration(site)));
  const text = JSON.stringify(labels);

  test("labels and file together are the whole configuration", () => {
    const back = JSON.parse(text.replaceAll("@file", ""));
    const apart: { http: { middlewares?: object; serversTransports: object }; tls?: object } = JSON.parse(JSON.stringify(file));
    const { traefik } = treeOf(back);
    expect(traefik).toEqual({
      http: {
        routers: asTexts(document.http.routers),
        middlewares: asTexts(Object.fromEntries(Object.entries(document.http.middlewares).filter(([name]) => !Object.hasOwn(apart.http.middlewares ?? {}, name)))),
        services: asTexts(withoutAddress(document.http.services)),
      },
    });
    expect({ ...document.http.middlewares, ...apart.http.middlewares }).toEqual(document.http.middlewares);
    expect(apart.http.serversTransports).toEqual(document.http.serversTransports);
    expect(apart.tls).toEqual(document.tls);
  });

  test("names of the file provider are in the file, and the others in the labels", () => {
    const referred = [...text.matchAll(/(options|serversTransport|middlewares)":"([^"]*)"/g)].flatMap(([, key = "", names = ""]) => names.split(",").map((name) => ({ key, name })));
    const { http, tls }: { http: { middlewares?: object; serversTransports: object }; tls?: { options: object } } = JSON.parse(JSON.stringify(file));
    const found: Record<string, object> = { options: tls?.options ?? {}, middlewares: http.middlewares ?? {}, serversTransport: http.serversTransports };
    expect(referred.length).toBeGreaterThan(3);
    for (const { key, name } of referred) expect(Object.hasOwn(found[key] ?? {}, name.replace(/@file$/, "")), name).toBe(name.endsWith("@file"));
  });

  test("no label has a hash of a password", () => expect(text).not.toContain("$2y$"));
});

describe("a later merge", () => {
  const description = (...access: readonly string[]) => `hostname: mail.example.org\ndiscovery: []\nproxy: { upstream: { address: nginx-mailcow } }\naccess: [${access.map((path) => `{ path: ${path}, allow: [192.0.2.0/24] }`).join(", ")}]\ntargets: [traefik-labels]\n`;
  const path = "/opt/mailcow-dockerized/docker-compose.override.yml";
  const merge = async (yaml: string, override: string, ...options: readonly string[]) => mailcowProxy(["merge", "-t", "traefik-labels", ...options], { "mailcow-proxy.yaml": yaml, [path]: override });

  test.each([
    ["a mapping", "services:\n  nginx-mailcow:\n    labels:\n      ours: stays\n      # Behind it.\n    tty: true\n"],
    ["a list", "services:\n  nginx-mailcow:\n    labels:\n      - ours=stays\n    tty: true\n"],
    ["nothing", ""],
  ])("into %s removes the labels that are no longer needed, and no other", async (_what, before) => {
    const few = await merge(description("/rspamd"), before);
    const many = await merge(description("/rspamd", "/api", "/admin"), few.out);
    expect([few.status, many.status]).toEqual([0, 0]);
    expect(many.out).not.toBe(few.out);
    const listed = await merge(description("/rspamd"), many.out, "--check");
    expect(listed.out).toMatch(/-> \(absent\)\n/);
    const again = await merge(description("/rspamd"), many.out);
    const labelsOf = (text: string): unknown => [parse(text).services["nginx-mailcow"].labels].flat();
    const sorted = (text: string) => JSON.stringify(labelsOf(text)).split(/","|,"/).toSorted();
    expect(sorted(again.out)).toEqual(sorted(few.out));
    expect(again.out.split("\n").toSorted()).toEqual(few.out.split("\n").toSorted());
  });

  test("leaves a label without our mark as it is", async () => {
    const { out } = await merge(description("/rspamd"), "");
    const own = `${out}      traefik.http.routers.own.rule: Host(\`a.example.org\`)\n`;
    expect((await merge(description("/rspamd"), own)).out).toBe(own);
  });
});
