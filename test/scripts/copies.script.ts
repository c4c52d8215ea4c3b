/** The script of the systemd units where SELinux keeps web servers from mailcow's files, so that they read copies. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { issue } from "./world/certificate.ts";
import { type Host, impatient, ssl } from "./world/host.ts";
import type { Outcome } from "./world/tree.ts";

const description = "hostname: mail.example.org\nmail_domains: [example.org, example.net]\ntls: { sni: true }\nplatform: rhel-9\ntargets: [systemd]\n";
const copies = "/etc/pki/tls/mailcow-mail.example.org";

let host: Host;
beforeEach(() => void (host = impatient(description)));
afterEach(() => host.dispose());

function reload(): Promise<Outcome> {
  return host.run("/usr/local/sbin/mailcow-mail.example.org-reload.sh");
}

test("the folder is filled, for root only, and again after each renewal", async () => {
  host.write(`${copies}/.keep`, "");
  for (const server of ["nginx", "apache"] as const) host.serve(server, { family: "rhel" });
  const own = issue(["autodiscover.example.org"]);
  host.write(`${ssl}/autodiscover.example.org/cert.pem`, own.certificate);
  host.write(`${ssl}/autodiscover.example.org/key.pem`, own.key, 0o600);
  host.write(`${ssl}/autodiscover.example.org/domains`, "autodiscover.example.org");
  let now = host.first;
  for (const next of [issue(["mail.example.org"]), issue(["mail.example.org"])]) {
    expect(await reload()).toEqual({ status: 0, said: "" });
    expect(host.calls()).toEqual(["nginx -t", "systemctl reload nginx", "httpd -t", "systemctl reload httpd"]);
    expect(host.read(`${copies}/proxy.pem`)).toBe(now.certificate + now.key);
    expect(host.read(`${copies}/example.net.pem`)).toBe(now.certificate + now.key);
    expect(host.read(`${copies}/example.org.pem`)).toBe(own.certificate + own.key);
    expect(["proxy", "example.net", "example.org"].map((name) => host.mode(`${copies}/${name}.pem`))).toEqual(["0600", "0600", "0600"]);
    now = next;
    host.write(`${ssl}/cert.pem`, next.certificate);
    host.write(`${ssl}/key.pem`, next.key, 0o600);
  }
});

test("no copy is made for servers that do not need one", async () => {
  host.serve("haproxy", { family: "rhel" });
  expect(await reload()).toEqual({ status: 0, said: "" });
  expect(host.everything("/etc").filter((entry) => entry.startsWith("pki"))).toEqual([]);
});
