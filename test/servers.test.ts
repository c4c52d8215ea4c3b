/** A server is one row: nothing else in src names one, and other programs can read the rows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import description from "../schemas/description.schema.json" with { type: "json" };
import schema from "../schemas/targets.schema.json" with { type: "json" };
import { keysOf } from "../src/core/keys-of.ts";
import { families, serverIds, servers } from "../src/core/site/servers.ts";
import { serverOf } from "../src/core/output/target.ts";
import { targetIds, targets } from "../src/targets/index.ts";
import { mailcowProxy } from "./stand-in.ts";
import { filesBelow, root } from "./support.ts";

/** Where a server's name may stand: its row, the table of targets, generated types, and its own folders. */
const rows = new Set(["src/core/site/servers.ts", "src/targets/servers.ts"]);
const own = (path: string) => rows.has(path) || path.startsWith("src/generated/") || targetIds.filter((id) => ["server", "mailcow"].includes(targets[id].kind) && serverOf(targets[id]) !== undefined).some((id) => path.startsWith(`src/targets/${id}/`) || path.startsWith(`templates/${id}/`)) || serverIds.some((id) => path.startsWith(`templates/${servers[id].mailTarget}/`));

/** Words of others: mailcow's own web server, which is none of those that this is about, keys of mailcow and of Dovecot, and an option of curl. */
const mailcows = /mailcow's (?:own )?nginx|nginx-mailcow|NGINX_USE_PROXY_PROTOCOL|_PORT_HAPROXY|haproxy_trusted_networks|^haproxy-protocol$/gm;

const names = new RegExp(serverIds.flatMap((id) => [id, servers[id].title]).join("|"), "i");

const files = ["src", "templates"].flatMap((folder) => filesBelow(join(root, folder)).map((file) => `${folder}/${file}`));

test("no file but a server's own names it", () => {
  const lines = files.filter((path) => !own(path)).flatMap((path) =>
    readFileSync(join(root, path), "utf8").split("\n").flatMap((line, index) => (names.test(line.replaceAll(mailcows, "")) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(files.length).toBeGreaterThan(150);
  expect(lines).toEqual([]);
});

test("no target imports from another one", () => {
  const imports = files.flatMap((path) => {
    const [, target] = /^src\/targets\/([^/]+)\/[^/]+\.ts$/.exec(path) ?? [];
    if (target === undefined || target === "shared") return [];
    return [...readFileSync(join(root, path), "utf8").matchAll(/ from "\.\.\/([^./][^/]*)\//g)].map(([, other]) => ({ path, other }));
  });
  expect(imports.length).toBeGreaterThan(20);
  expect(imports.filter(({ other }) => other !== "shared")).toEqual([]);
});

test("the description can ask for every server, and give a version of each", () => {
  expect(targetIds).toEqual(description.properties.targets.items.enum);
  expect(Object.keys(description.properties.versions.properties)).toEqual(expect.arrayContaining([...serverIds]));
  expect(Object.keys(families)).toEqual(description.properties.platform.enum);
});

test("targets --format json is as its schema says, with a row for each server and platform", async () => {
  const { status, out } = await mailcowProxy(["targets", "--format", "json"]);
  expect(status).toBe(0);
  const document: { targets: { id: string; kind: string; server: { platforms: object } | null }[] } = JSON.parse(out);
  const ajv = new Ajv2020({ strictTypes: false });
  const valid = ajv.compile(schema);
  expect(valid(document), JSON.stringify(valid.errors)).toBe(true);
  expect(document.targets.map(({ id }) => id)).toEqual(targetIds);
  const listed = document.targets.flatMap(({ id, kind, server }) => (server === null ? [] : [{ id, kind, platforms: Object.keys(server.platforms) }]));
  expect(listed).toEqual(serverIds.map((id) => ({ id, kind: "server", platforms: keysOf(families) })));
});
