/** The script of the systemd units with a certificate for each mail domain. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { issue, type Pair } from "./world/certificate.ts";
import { type Host, impatient, pem, rendered, ssl } from "./world/host.ts";
import type { Outcome } from "./world/tree.ts";

const description = "hostname: mail.example.org\nmail_domains: [example.org, example.net]\ntls: { sni: true }\ntargets: [systemd]\n";
const script = "/usr/local/sbin/mailcow-mail.example.org-reload.sh";
const links = "/etc/ssl/mailcow-mail.example.org";
const pems = "/etc/haproxy/mailcow-mail.example.org";
const org = ["autodiscover.example.org", "autoconfig.example.org"];
const nginx = ["nginx -t", "systemctl reload nginx"];
const haproxy = ["haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d", "systemctl reload haproxy"];

let host: Host;
beforeEach(() => void (host = impatient(description)));
afterEach(() => host.dispose());

function reload(): Promise<Outcome> {
  return host.run(script);
}

/** What acme-mailcow makes for a domain: a folder called by the first name, which lists all. */
function acme(names: readonly string[], pair: Pair = issue(names)): Pair {
  const folder = `${ssl}/${names[0]}`;
  host.write(`${folder}/cert.pem`, pair.certificate);
  host.write(`${folder}/key.pem`, pair.key, 0o600);
  host.write(`${folder}/domains`, names.join(" "));
  return pair;
}

/** Where the links lead. */
function led(): string[] {
  return host.everything(links).map((entry) => entry.replace(/ 777 /, " "));
}

test("each domain's link leads to its certificate, and to the host's until there is one", async () => {
  host.serve("nginx");
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(led()).toEqual([`example.net ${ssl}`, `example.org ${ssl}`]);
  expect(host.mode(links)).toBe("0755");
  expect(host.calls()).toEqual(nginx);

  acme(org);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(led()).toEqual([`example.net ${ssl}`, `example.org ${ssl}/autodiscover.example.org`]);
  expect(host.calls()).toEqual(nginx);

  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.calls()).toEqual([]);
});

test("a renewal of a domain's certificate is taken", async () => {
  host.serve("nginx");
  acme(org);
  expect((await reload()).status).toBe(0);
  host.calls();
  acme(org);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.calls()).toEqual(nginx);
});

test("a folder of another name is found by its list", async () => {
  // ADDITIONAL_SAN=smtp.* makes that the first name; the other has a name that ends like one of ours.
  acme(["smtp.example.org", ...org]);
  acme(["x.autodiscover.example.net", "autodiscover.example.net.example.com"]);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(led()).toEqual([`example.net ${ssl}`, `example.org ${ssl}/smtp.example.org`]);
});

test("a folder that goes leaves the domain to the host's certificate", async () => {
  acme(org);
  expect((await reload()).status).toBe(0);
  host.remove(`${ssl}/autodiscover.example.org`);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(led()).toEqual([`example.net ${ssl}`, `example.org ${ssl}`]);
});

test("a domain whose certificate cannot be loaded has the host's, with a word", async () => {
  acme(org, { certificate: issue(org).certificate, key: issue(org).key });
  const { status, said } = await reload();
  expect(status).toBe(0);
  expect(said).toContain(`warning: ${ssl}/autodiscover.example.org has no certificate with its key`);
  expect(led()).toEqual([`example.net ${ssl}`, `example.org ${ssl}`]);
});

test("links of domains that are no longer described go", async () => {
  host.link(`${links}/example.com`, ssl);
  expect((await reload()).status).toBe(0);
  expect(led()).toEqual([`example.net ${ssl}`, `example.org ${ssl}`]);
});

test("links that cannot be written are told, and nothing is reloaded", async () => {
  host.serve("nginx");
  host.write(links, "");
  const { status, said } = await reload();
  expect(status).toBe(3);
  expect(said).toContain(`cannot write to ${links}`);
  expect(host.calls()).toEqual([]);
});

test("HAProxy has a file for each domain that has a certificate, for root alone", async () => {
  host.serve("haproxy");
  const own = acme(org);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
  expect(host.everything(pems)).toEqual([`example.org.pem 600 ${own.certificate}${own.key}`]);
  expect(host.calls()).toEqual(haproxy);

  const renewed = acme(org);
  const other = acme(["autodiscover.example.net"]);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.everything(pems)).toEqual([`example.net.pem 600 ${other.certificate}${other.key}`, `example.org.pem 600 ${renewed.certificate}${renewed.key}`]);
  expect(host.calls()).toEqual(haproxy);

  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.calls()).toEqual([]);
});

test("HAProxy itself takes its file after the commands in its head, in their order, before any domain has a certificate", async () => {
  const [file] = rendered(description.replace("[systemd]", "[haproxy]"));
  if (file === undefined) throw new Error("there is a file");
  const { installPath = "", content } = file;
  host.write("/etc/haproxy/haproxy.cfg", "global\n    log /dev/log local0\n");
  host.write(installPath, content);
  host.write("/running/haproxy", "");
  // The real one is behind the stand-in.
  host.remove("/usr/local/sbin/haproxy");
  const [head = ""] = content.split("\n\n", 1);
  const commands = [...head.matchAll(/^#   ((?:\(umask|\/|haproxy ).*)$/gm)].map(([, command = ""]) => command);
  expect(commands.map((command) => command.split(" ", 1)[0])).toEqual(["(umask", script, "haproxy"]);
  for (const command of commands) expect(await host.run("sh", ["-c", command], { env: { PATH: "/usr/local/sbin:/usr/sbin:/usr/bin:/bin" } }), command).toEqual({ status: 0, said: "" });
  expect(host.everything(pems)).toEqual([]);
  expect(host.calls()).toEqual(["systemctl reload haproxy", "systemctl restart haproxy"]);
});

test("HAProxy that refuses the new files has all the old ones, and is tried again", async () => {
  host.serve("haproxy");
  acme(org);
  expect((await reload()).status).toBe(0);
  const before = host.everything("/etc/haproxy");
  const renewed = acme(org);
  acme(["autodiscover.example.net"]);
  host.failing("haproxy");
  expect((await reload()).status).toBe(3);
  expect(host.everything("/etc/haproxy")).toEqual(before);
  host.failing("haproxy", false);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.read(`${pems}/example.org.pem`)).toBe(renewed.certificate + renewed.key);
});

test("HAProxy's files of domains that are no longer described go", async () => {
  host.serve("haproxy");
  host.write(`${pems}/example.com.pem`, "");
  expect((await reload()).status).toBe(0);
  expect(host.everything(pems)).toEqual([]);
});
