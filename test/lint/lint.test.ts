/** A lint of the reviewed output: every rule over every snapshot, and over what breaks it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serverIds, servers } from "../../src/core/site/servers.ts";
import { filesBelow, snapshots } from "../support.ts";
import { type Lint, all } from "./rule.ts";
import * as apache from "./servers/apache.ts";
import * as haproxy from "./servers/haproxy.ts";
import * as nginx from "./servers/nginx.ts";

const outputs = filesBelow(snapshots).filter((path) => /^(?:ok|shared)\//.test(path));

const lints = await Promise.all(serverIds.map(async (server) => {
  const lint: Lint = await import(`./servers/${server}.ts`);
  return { server, ending: servers[server].installations.debian.ending, ...lint };
}));

describe.each(lints)("$server", ({ server, ending, parse, rules }) => {
  const files = outputs.filter((path) => path.includes(`/${server}/`) && (path.endsWith(ending) || path.endsWith(".static"))).map((path) => ({ path, configuration: parse(readFileSync(join(snapshots, path), "utf8")) }));

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
