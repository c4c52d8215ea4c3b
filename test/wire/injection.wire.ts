/**
 * What the hostile text of test/injection.ts leaves of itself in descriptions that are accepted, on the real server: each
 * value is read as that value. Files are at the paths that the description says and nowhere else.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { servers } from "../../src/core/site/servers.ts";
import type { Site } from "../../src/core/site/site.ts";
import { type Attempt, accepted, ascii, attempt as attemptAt, example } from "../injection.ts";
import { type Directive, all, shown } from "../lint/rule.ts";
import { type Certificate, makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { attempt, run } from "./world/command.ts";
import { proxyId, renderValid } from "./world/description.ts";
import { enabled, mergeAll, prepareForMany, write } from "./world/many-sites.ts";
import { proxy } from "./world/proxy.ts";
import { value } from "./world/reply.ts";
import { type Running, startServer } from "./world/world.ts";

/** What the server says that it has read. */
type Said = ReadonlyMap<string, Directive[]>;

/** Where a site is. */
interface Installed {
  readonly site: Site;
  readonly folder: string;
  readonly output: OutputFile;
  readonly merged: readonly OutputFile[];
}

/** A site for one attempt, with ports of its own. */
interface Place extends Attempt {
  readonly hostname: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}

/** A path as a rule of the server has it: Apache decides for each run of slashes, encoded or not. */
function inRule(path: string): string {
  return proxyId === "apache" ? path.slice(1).replaceAll(/\/+/g, "(?:/|%2[Ff])+") : path;
}

describe("company", () => {
  const keys = ["/hostname", "/mail_domains/*", "/additional_server_names/*", "/mailcow/directory", "/proxy/upstream/verify", "/tls/certificate", "/tls/key", "/access/*/path"];
  const places = keys
    .flatMap((key) => [attemptAt(key, String(example(key))), ...accepted(key).filter((one) => !one.key.startsWith("/access") || one.value !== "/")])
    .filter((one) => one.value.length < 250)
    // Traefik's routers are called by their name, whatever the port: two descriptions cannot have one, which --shared refuses.
    .filter((one, index, those) => proxyId !== "traefik" || !/^\/(?:hostname|additional)/.test(one.key) || those.findIndex((other) => /^\/(?:hostname|additional)/.test(other.key) && ascii(other.value) === ascii(one.value)) === index)
    .map((one, index): Place => ({ ...one, hostname: one.key === "/hostname" ? ascii(one.value) : `n${index}.example.org`, httpPort: 20_000 + 2 * index, httpsPort: 20_001 + 2 * index }));
  const of = (which: RegExp) => places.filter(({ key }) => which.test(key));
  const installed = new Map<Place, Installed>();
  let known: ReadonlySet<string>;
  let running: Running | undefined;
  let said: Said;

  beforeAll(async () => {
    known = await prepareForMany();
    proxy.makeRoom();
    const authority = makeAuthority();
    const certificate = authority.issue(["mail.example.org"]);
    if (proxyId === "apache") run("a2enmod", "-q", "info");
    for (const [index, place] of places.entries()) {
      // Caddy refuses the handshake for a name that is in no certificate, and over https only the paths are asked for.
      const own = place.key.startsWith("/access") ? authority.issue([place.hostname], "ecdsa") : certificate;
      installed.set(place, install(place, `/srv/n${index}`, own));
    }
    mergeAll([...installed.values()].flatMap(({ merged }) => merged));
    if (proxy.readBack !== undefined) said = proxy.readBack();
    running = await startServer(places.map(({ httpPort }) => ({ host: "127.0.0.1", port: httpPort })), known);
  });
  afterAll(() => running?.stop());

  test("what is accepted of hostile text starts without a warning, with its files where they are said to be", () => {
    for (const key of keys) expect(places.filter((place) => place.key === key).length, key).toBeGreaterThan(10);
    // One certificate for all has not the names of each.
    expect(running?.complaintsAtStart.filter((line) => !line.includes("AH01909"))).toEqual([]);
  });

  if (proxy.readBack !== undefined) {
    test.each(keys)("the server says that it has read %s as that one value", (key) => {
      const [usual, ...others] = places.filter((place) => place.key === key);
      const lines = (place: Place | undefined) => {
        const one = place === undefined ? undefined : installed.get(place);
        if (one === undefined) throw new Error("a site is not installed");
        return told(key, one, said);
      };
      const expected = lines(usual);
      const isName = /hostname|names|domains/.test(key);
      for (const place of others) {
        const [before, after] = [String(example(key)), isName ? ascii(place.value) : place.value].map((text) => (key === "/access/*/path" ? inRule(text) : text)) as [string, string];
        // Long names are in nginx' regular expressions, and asked for below.
        if (proxyId === "nginx" && isName && after.length > 30) continue;
        expect(lines(place), place.value).toEqual(expected.map((line) => line.replaceAll(before, after)));
      }
    });
  }

  test("names of hostile text are those names and no others", async () => {
    for (const { key, value: name, hostname, httpPort, httpsPort } of of(/^\/(?:hostname|mail_domains|additional)/)) {
      const asked = key === "/hostname" ? hostname : key === "/mail_domains/*" ? `autodiscover.${ascii(name)}` : ascii(name);
      const route = { host: "127.0.0.1", port: httpPort, from: "127.0.0.1" };
      const reply = await exchange(route, `GET /x HTTP/1.1\r\nHost: ${asked}\r\n\r\n`);
      expect(value(reply, "location"), name).toBe(`https://${asked}:${httpsPort}/x`);
      // A dot is no other character.
      const similar = asked.replace(".", "x");
      expect((await exchange(route, `GET /x HTTP/1.1\r\nHost: ${similar}\r\n\r\n`)).status, similar).toBe(421);
    }
    if (proxyId === "apache") expect(virtualHosts()).toEqual(places.flatMap(({ hostname, httpPort, httpsPort }) => [`${httpPort} ${hostname}`, `${httpsPort} ${hostname}`]).toSorted());
  });

  test("paths of hostile text are those paths and no others", async () => {
    for (const { value: path, hostname, httpsPort } of of(/^\/access/)) {
      const route = { host: "127.0.0.1", port: httpsPort, from: "127.0.0.1", tls: { servername: hostname } };
      const ask = async (target: string) => (await exchange(route, `GET ${target} HTTP/1.1\r\nHost: ${hostname}:${httpsPort}\r\n\r\n`)).status;
      expect(await ask(path), path).toBe(403);
      expect(await ask(`${path}x`), path).toBe(403);
      // mailcow is down, which only those see who get that far.
      const similar = path.replaceAll(/[^A-Za-z0-9/]/g, "!").replace(/[a-z0-9](?=\/?$)/i, "!");
      expect([502, 503], `${similar} for ${path}`).toContain(await ask(similar));
    }
  });
});

/** What is said of a site, without what every site has of its own. */
function told(key: string, { site, folder, output }: Installed, said: Said): string[] {
  const directives = said.get(proxyId === "haproxy" ? `mailcow-${site.hostname}-defaults` : enabled(output)) ?? [];
  expect(directives.length, site.hostname).toBeGreaterThan(1);
  const own = [[folder, "FOLDER"], [site.fileStem, "STEM"], [site.identifier, "IDENTIFIER"], [site.hostname, "HOSTNAME"], [String(site.proxy.httpPort), "HTTP"], [String(site.proxy.httpsPort), "HTTPS"]] as const;
  const lines = all(directives).map((directive) => own.reduce((text, [from, to]) => text.replaceAll(from, to), unquoted(shown(directive), key)));
  // HAProxy's lists go on in another line where one is full.
  return lines.flatMap((line) => {
    const [, list, words] = /^(acl \S+ \S+ -m str(?: -i)?) (.*)$/.exec(line) ?? [];
    return words === undefined ? [line] : words.split(" ").map((word) => `${list} ${word}`);
  });
}

/** Regular expressions for names and paths as those. */
function unquoted(text: string, key: string): string {
  const plain = text.replaceAll(/\\\.|\[\.\]/g, ".");
  return key.startsWith("/access") ? plain.replaceAll(/\(\?:\/\|%2f\)\+|\/\+/g, "/") : plain;
}

/** Puts a site where the server reads it, with all of its files below a folder. */
function install({ key, yaml, value: text, hostname, httpPort, httpsPort }: Place, folder: string, { certificate, key: privateKey }: Certificate): Installed {
  const data = parse(yaml);
  const moved = (path: string) => `${folder}${path}`;
  const upstream = data.proxy?.upstream;
  const files = data.tls?.issuer === "files" ? { certificate: moved(data.tls.certificate), key: moved(data.tls.key) } : undefined;
  const directory = moved(data.mailcow?.directory ?? "/mailcow");
  const { outputs, site } = renderValid(
    stringify({
      ...data,
      ...(key === "/hostname" ? {} : { hostname }),
      // With the domain of all sites, nginx writes some hostnames together with its names.
      ...(key.startsWith("/mail_domains") || !servers[proxyId].anyDomain ? {} : { mail_domains: undefined }),
      mailcow: { directory },
      ...(files === undefined ? {} : { tls: { issuer: "files", ...files } }),
      proxy: { listen: ["127.0.0.1"], http_port: httpPort, https_port: httpsPort, ...(proxyId === "traefik" ? { entry_points: { http: `http${httpPort}`, https: `https${httpsPort}` } } : {}), ...(upstream === undefined ? {} : { upstream: { ...upstream, verify: moved(upstream.verify) } }) },
    }),
  );
  if (site.hostname !== hostname) throw new Error(`${text} became the name ${site.hostname}`);
  // Traefik warns of a certificate that two files have.
  write(files?.certificate ?? `${directory}/data/assets/ssl/cert.pem`, `${certificate}# ${hostname}\n`);
  write(files?.key ?? `${directory}/data/assets/ssl/key.pem`, privateKey);
  if (upstream !== undefined) write(moved(upstream.verify), certificate);
  if (proxyId === "haproxy" || proxyId === "caddy") write(`/etc/${proxyId}/${site.fileStem}.pem`, certificate + privateKey);
  const [output] = outputs;
  if (output === undefined) throw new Error("there is no file");
  write(enabled(output), output.content);
  return { site, folder, output, merged: outputs.filter(({ install }) => install === "merged") };
}

/** Apache's own list of ports and names, without the stock site. */
function virtualHosts(): string[] {
  const { text } = attempt("apache2ctl", "-t", "-D", "DUMP_VHOSTS");
  return [...text.matchAll(/^\*:(2\d{4}) +(\S+) \(/gm)].map(([, port, name]) => `${port} ${name}`).toSorted();
}
