/**
 * What the hostile text of test/injection.ts leaves of itself in descriptions that are accepted, on the real server: each
 * value is read as that value. Files are at the paths that the description says and nowhere else.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { type Attempt, accepted, ascii } from "../injection.ts";
import { type Certificate, makeAuthority } from "./world/certificate.ts";
import { exchange } from "./world/client.ts";
import { attempt } from "./world/command.ts";
import { proxyId, renderValid } from "./world/description.ts";
import { enabled, makeRoom, prepareForMany, write } from "./world/many-sites.ts";
import { value } from "./world/reply.ts";
import { type Running, startServer } from "./world/world.ts";

/** A site for one attempt, with ports of its own. */
interface Place extends Attempt {
  readonly hostname: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}

describe("company", () => {
  const places = ["/hostname", "/mail_domains/*", "/additional_server_names/*", "/mailcow/directory", "/proxy/upstream/verify", "/tls/certificate", "/tls/key", "/access/*/path"]
    .flatMap((key) => accepted(key).filter((one) => !one.key.startsWith("/access") || one.value !== "/"))
    .filter((one) => one.value.length < 250)
    .map((one, index): Place => ({ ...one, hostname: one.key === "/hostname" ? ascii(one.value) : `n${index}.example.org`, httpPort: 20_000 + 2 * index, httpsPort: 20_001 + 2 * index }));
  const of = (keys: RegExp) => places.filter(({ key }) => keys.test(key));
  let known: ReadonlySet<string>;
  let running: Running | undefined;

  beforeAll(async () => {
    known = await prepareForMany();
    makeRoom();
    const certificate = makeAuthority().issue(["mail.example.org"]);
    for (const [index, place] of places.entries()) install(place, `/srv/n${index}`, certificate);
    running = await startServer(places.map(({ httpPort }) => ({ host: "127.0.0.1", port: httpPort })), known);
  }, 60_000);
  afterAll(() => running?.stop());

  test("what is accepted of hostile text starts without a warning, with its files where they are said to be", () => {
    for (const keys of [/^\/hostname/, /^\/mail_domains/, /^\/additional/, /directory/, /verify/, /certificate/, /^\/tls\/key/, /^\/access/]) expect(of(keys).length).toBeGreaterThan(10);
    // One certificate for all has not the names of each.
    expect(running?.complaintsAtStart.filter((line) => !line.includes("AH01909"))).toEqual([]);
  });

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
  }, 30_000);

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
  }, 30_000);
});

/** Puts a site where the server reads it, with all of its files below a folder. */
function install({ key, yaml, value: text, hostname, httpPort, httpsPort }: Place, folder: string, { certificate, key: privateKey }: Certificate): void {
  const data = parse(yaml);
  const moved = (path: string) => `${folder}${path}`;
  const upstream = data.proxy?.upstream;
  const files = data.tls?.issuer === "files" ? { certificate: moved(data.tls.certificate), key: moved(data.tls.key) } : undefined;
  const directory = moved(data.mailcow?.directory ?? "/mailcow");
  const { outputs, site } = renderValid(
    stringify({
      ...data,
      ...(key === "/hostname" ? {} : { hostname }),
      mailcow: { directory },
      ...(files === undefined ? {} : { tls: { issuer: "files", ...files } }),
      proxy: { listen: ["127.0.0.1"], http_port: httpPort, https_port: httpsPort, ...(upstream === undefined ? {} : { upstream: { ...upstream, verify: moved(upstream.verify) } }) },
    }),
  );
  if (site.hostname !== hostname) throw new Error(`${text} became the name ${site.hostname}`);
  write(files?.certificate ?? `${directory}/data/assets/ssl/cert.pem`, certificate);
  write(files?.key ?? `${directory}/data/assets/ssl/key.pem`, privateKey);
  if (upstream !== undefined) write(moved(upstream.verify), certificate);
  if (proxyId === "haproxy") write(`/etc/haproxy/${site.fileStem}.pem`, certificate + privateKey);
  for (const output of outputs) write(enabled(output), output.content);
}

/** Apache's own list of ports and names, without the stock site. */
function virtualHosts(): string[] {
  const { text } = attempt("apache2ctl", "-t", "-D", "DUMP_VHOSTS");
  return [...text.matchAll(/^\*:(2\d{4}) +(\S+) \(/gm)].map(([, port, name]) => `${port} ${name}`).toSorted();
}
