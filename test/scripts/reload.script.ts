/** The script of the systemd units, on certificates of openssl; and the units, as systemd reads them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { issue, type Pair } from "./world/certificate.ts";
import { type Host, impatient, pem, rendered, ssl } from "./world/host.ts";
import type { Outcome } from "./world/tree.ts";

const description = "hostname: mail.example.org\ntargets: [systemd]\n";
const script = "/usr/local/sbin/mailcow-mail.example.org-reload.sh";
const program = "mailcow-mail.example.org-reload";
const checks = {
  nginx: ["nginx -t", "systemctl reload nginx"],
  apache: ["apache2ctl -t", "systemctl reload apache2"],
  haproxy: ["haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d", "systemctl reload haproxy"],
} as const;

let host: Host;
beforeEach(() => void (host = impatient(description)));
afterEach(() => host.dispose());

function reload(): Promise<Outcome> {
  return host.run(script);
}

function renew({ certificate, key }: Pair): void {
  host.write(`${ssl}/cert.pem`, certificate);
  host.write(`${ssl}/key.pem`, key, 0o600);
}

describe.each(["nginx", "apache", "haproxy"] as const)("%s", (server) => {
  beforeEach(() => host.serve(server));

  test("is reloaded for each new certificate, and for nothing else", async () => {
    for (const pair of [host.first, issue(["mail.example.org"])]) {
      renew(pair);
      expect(await reload()).toEqual({ status: 0, said: "" });
      expect(host.calls()).toEqual([...checks[server]]);
      expect(await reload()).toEqual({ status: 0, said: "" });
      expect(host.calls()).toEqual([]);
    }
  });

  test("is tried again when it refuses its configuration or does not reload", async () => {
    for (const name of [{ nginx: "nginx", apache: "apache2ctl", haproxy: "haproxy" }[server], "systemctl"]) {
      renew(issue(["mail.example.org"]));
      host.failing(name);
      const { status, said } = await reload();
      expect(status).toBe(3);
      expect(said).toContain("the proxy goes on with the certificate it has");
      host.failing(name, false);
      host.calls();
      expect(await reload()).toEqual({ status: 0, said: "" });
      expect(host.calls()).toEqual([...checks[server]]);
    }
  });
});

test.each([
  ["an expired certificate", issue(["mail.example.org"], { days: -1 }), "has expired"],
  ["a key of another certificate", { certificate: issue(["mail.example.org"]).certificate, key: issue(["mail.example.org"]).key }, "is not the key of"],
  ["an RSA key that is too short", issue(["mail.example.org"], { bits: 1024 }), "OpenSSL does not serve"],
  ["half a certificate", { certificate: issue(["mail.example.org"]).certificate.slice(0, 300), key: "" }, "is not a whole chain"],
])("%s is refused", async (_, pair, reason) => {
  host.serve("haproxy");
  host.serve("nginx");
  renew(pair);
  const { status, said } = await reload();
  expect({ status, lines: said.trim().split("\n").length }).toEqual({ status: 1, lines: 1 });
  expect(said).toContain(reason);
  expect(host.calls()).toEqual([]);
  expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
});

test.each(["cert", "key"])("a missing %s.pem is told", async (name) => {
  host.remove(`${ssl}/${name}.pem`);
  expect(await reload()).toEqual({ status: 1, said: `${program}: cannot read ${ssl}/${name}.pem\n` });
});

test("a key that comes after its certificate is waited for", async () => {
  const pair = issue(["mail.example.org"]);
  host.serve("nginx");
  host.write(`${ssl}/cert.pem`, pair.certificate);
  host.write("/key.pem", pair.key);
  host.standIn("sleep", `cp /key.pem ${ssl}/key.pem`);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.calls()).toEqual([...checks.nginx]);
});

test("a certificate that changes while servers reload is taken too", async () => {
  const pair = issue(["mail.example.org"]);
  host.serve("haproxy");
  host.write("/cert.pem", pair.certificate);
  host.write("/key.pem", pair.key);
  host.standIn("systemctl", `[ "$1" = is-active ] || cp /cert.pem /key.pem ${ssl}`);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.read(pem)).toBe(pair.certificate + pair.key);
});

test("HAProxy's file is made where it is missing, for root alone", async () => {
  host.serve("haproxy");
  host.remove(pem);
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
  expect(host.mode(pem)).toBe("0600");
  expect(host.everything("/etc/haproxy").map((entry) => entry.split(" ")[0])).toEqual(["conf.d", "conf.d/mailcow-mail.example.org.cfg", "mailcow-mail.example.org.pem"]);
});

test("HAProxy's file that was spoilt is made again", async () => {
  host.serve("haproxy");
  expect((await reload()).status).toBe(0);
  host.write(pem, "");
  expect((await reload()).status).toBe(0);
  expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
});

test("HAProxy keeps the old file when it refuses the new one, and what a killed run left goes", async () => {
  host.serve("haproxy");
  host.write("/etc/haproxy/.mailcow-mail.example.org+abc/new", "");
  renew(issue(["mail.example.org"]));
  host.failing("haproxy");
  expect((await reload()).status).toBe(3);
  expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
  expect(host.everything("/etc/haproxy").map((entry) => entry.split(" ")[0])).toEqual(["conf.d", "conf.d/mailcow-mail.example.org.cfg", "mailcow-mail.example.org.pem"]);
});

test.each(["TERM", "INT", "HUP"])("%s while HAProxy's old file is put back does not lose it", async (signal) => {
  host.serve("haproxy");
  host.failing("haproxy");
  renew(issue(["mail.example.org"]));
  host.standIn("mv", `/usr/bin/mv "$@"; case $* in *old.pem*) kill -${signal} $PPID ;; esac`);
  expect((await reload()).status).toBe(3);
  expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
});

test("one server that fails does not keep another from its certificate", async () => {
  host.serve("nginx");
  host.serve("haproxy");
  host.failing("nginx");
  expect((await reload()).status).toBe(3);
  expect(host.calls()).toEqual([checks.nginx[0], ...checks.haproxy]);
});

test("two runs at once reload once", async () => {
  host.serve("nginx");
  const outcomes = await Promise.all([reload(), reload()]);
  expect(outcomes).toEqual([{ status: 0, said: "" }, { status: 0, said: "" }]);
  expect(host.calls()).toEqual([...checks.nginx]);
});

describe("the units", () => {
  const units = rendered(description).filter(({ installPath }) => installPath?.startsWith("/etc/systemd/system/"));

  test("pass systemd's own check", () => {
    const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-units-"));
    try {
      const files = units.map(({ installPath = "", content }) => {
        const file = join(folder, basename(installPath));
        // The script has to exist, and this machine has none in that place.
        writeFileSync(file, content.replace(script, "/bin/true"));
        return file;
      });
      expect(files).toHaveLength(2);
      const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...files], { encoding: "utf8" });
      // Other units of the machine have no say here.
      const said = (stdout + stderr).split("\n").filter((line) => line.includes("mailcow"));
      expect({ status, said }).toEqual({ status: 0, said: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
