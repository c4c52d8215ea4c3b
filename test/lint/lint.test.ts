/** A lint of the reviewed output: every rule over every snapshot, and over what breaks it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import schema from "../../schemas/description.schema.json" with { type: "json" };
import { sha256 } from "../../src/core/output/sha256.ts";
import { type ServerId, serverIds, servers } from "../../src/core/site/servers.ts";
import { checker } from "../../src/pipeline/check.ts";
import { renderAll } from "../../src/pipeline/render.ts";
import { cases, filesBelow, snapshots } from "../support.ts";
import { type Lint, all } from "./rule.ts";
import * as apache from "./servers/apache.ts";
import * as haproxy from "./servers/haproxy.ts";
import * as nginx from "./servers/nginx.ts";

const outputs = filesBelow(snapshots).filter((path) => /^(?:ok|shared)\//.test(path));

const lints = await Promise.all(serverIds.map(async (server) => {
  const lint: Lint = await import(`./servers/${server}.ts`);
  return { server, ending: servers[server].installations.debian.ending, ...lint };
}));

const byDefault: readonly string[] = schema.properties.targets.default;

/** What a server gets of the good cases that it can serve. */
function rendered(server: ServerId): { readonly path: string; readonly content: string }[] {
  return cases("ok").flatMap(({ file, bytes }) => {
    const { site, diagnostics } = checker({ targets: [server] })({ file, source: bytes });
    if (site === undefined || diagnostics.some(({ severity }) => severity === "error")) return [];
    return renderAll([{ site, targets: [server] }], { sha256 }).filter(({ path }) => path.endsWith(servers[server].installations.debian.ending)).map(({ content }) => ({ path: `${file} for ${server}`, content }));
  });
}

describe.each(lints)("$server", ({ server, ending, parse, rules }) => {
  const reviewed = outputs.filter((path) => path.includes(`/${server}/`) && (path.endsWith(ending) || path.endsWith(".static"))).map((path) => ({ path, content: readFileSync(join(snapshots, path), "utf8") }));
  // Only the cases that ask for it have snapshots of a server that is no default target.
  const files = [...reviewed, ...(byDefault.includes(server) ? [] : rendered(server))].map(({ path, content }) => ({ path, configuration: parse(content) }));

  test("there is something to look at", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter(({ configuration }) => all(configuration).length < 10).map(({ path }) => path)).toEqual([]);
  });

  test.each(rules)("$name: what breaks it is found", ({ bad, check }) => {
    expect(check(parse(bad))).not.toEqual([]);
  });

  test.each(rules)("$name holds in every output", ({ check }) => {
    const found = files.map(({ path, configuration }) => ({ path, breaks: check(configuration) })).filter(({ breaks }) => breaks.length > 0);
    expect(found).toEqual([]);
  });
});

test("the guide's snippets break the rules that they should", () => {
  // From mailcow's guide, the section "Reverse proxy".
  const snippets = {
    nginx: `server {
      listen 443; server_name mail.example.org autodiscover.example.org autoconfig.example.org;
      location / {
        proxy_pass http://127.0.0.1:8080/;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Host $host:$server_port;
      }
    }`,
    apache: `<VirtualHost *:443>
      ServerName mail.example.org
      ProxyPass / http://127.0.0.1:8080/
      ProxyPreserveHost Off
      ProxyAddHeaders Off
      RequestHeader append X-Forwarded-For "%{CLIENT_IP}e"
    </VirtualHost>`,
    haproxy: `frontend https-in
      bind :::443 v4v6 ssl crt mailcow.pem
      default_backend mailcow
    backend mailcow
      option forwardfor
      http-request set-header X-Forwarded-Proto https if { ssl_fc }
      server mailcow 127.0.0.1:8080 check`,
  };
  const broken = ({ parse, rules }: Lint, text: string) => rules.filter(({ check }) => check(parse(text)).length > 0).map(({ name }) => name);
  expect(broken(nginx, snippets.nginx)).toEqual(["host-port", "commands-ignored", "no-tunnel", "forwarded-added-to", "headers-complete", "proxy-pass-normalized", "answers-not-stored", "version-disclosure"]);
  expect(broken(apache, snippets.apache)).toEqual(expect.arrayContaining(["proxyrequests-off", "proxypreservehost-on", "server-tokens", "open-proxy", "headers-set", "headers-complete"]));
  expect(broken(haproxy, snippets.haproxy)).toEqual(expect.arrayContaining(["defaults-of-its-own", "forwarded-added-to", "headers-without-condition", "names-first", "families-apart", "weak-tls", "version-disclosure"]));
});
