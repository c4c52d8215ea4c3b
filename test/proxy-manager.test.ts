/** NGINX Proxy Manager takes a proxy host offline if its Advanced text has a directive that cannot stand there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "./lint/servers/nginx.ts";
import { filesBelow, snapshots } from "./support.ts";

const texts = filesBelow(snapshots).filter((path) => /\/nginx-proxy-manager\/[^/]+$/.test(path)).map((path) => ({ path, content: readFileSync(join(snapshots, path), "utf8") }));

/** What the server block does not have yet, or may have several times. */
const allowed = new Set(["set_real_ip_from", "real_ip_header", "real_ip_recursive", "if", "set", "location"]);

test("there are texts", () => expect(texts.length).toBeGreaterThan(2));

describe.each(texts)("$path", ({ content }) => {
  const directives = parse(content);

  test("only directives that NGINX Proxy Manager's server block takes", () => {
    expect(directives.map(({ name }) => name).filter((name) => !allowed.has(name))).toEqual([]);
  });

  test("NGINX Proxy Manager finds the default location, and leaves out its own", () => {
    expect(content).toMatch(/^location \/ \{$/m);
    expect(directives.filter(({ name, value }) => name === "location" && value === "/")).toHaveLength(1);
  });

  test("no location for the ACME challenge, which is NGINX Proxy Manager's", () => {
    expect(directives.filter(({ value }) => value.includes(".well-known"))).toEqual([]);
  });
});
