/** Caddy itself orders certificates from a CA for tests and renews them, and the script of the output copies them to mailcow. */
import { X509Certificate } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { Host, mailcow, ssl } from "./world/host.ts";
import { directory, startPebble, writePebble } from "./world/pebble.ts";

const description = `
hostname: mail.example.org
mail_domains: [example.org]
discovery: [autodiscover]
certificate_names: [imap.example.org]
tls: { issuer: proxy, email: you@example.org }
targets: [caddy, systemd]
`;
const names = ["mail.example.org", "autodiscover.example.org", "imap.example.org"] as const;
const script = "/usr/local/sbin/mailcow-mail.example.org-copy.sh";
const certificates = "/var/lib/caddy/.local/share/caddy/certificates";
const restart = ["docker compose restart postfix-mailcow dovecot-mailcow nginx-mailcow", mailcow];

/** Seconds that a certificate is good for. Caddy renews it after two thirds of them. */
const validity = 60;

let host: Host;
afterEach(() => host.dispose());

/** A host on which Caddy can order from Pebble, whose DNS knows every name as this host. */
function orderingHost(): Host {
  const made = new Host(description);
  writePebble(made, validity);
  made.write("/etc/caddy/Caddyfile", `{
	acme_ca ${directory}
	acme_ca_root /api.pem
	renew_interval 1s
	import mailcow-mail.example.org.options
}
import Caddyfile.d/*.caddyfile
`);
  // One name alone, whose order makes the account: before certmagic 0.21.4, orders at once make one each, and mix them up.
  made.write("/etc/caddy/Account", `{
	acme_ca ${directory}
	acme_ca_root /api.pem
	email you@example.org
}
account.example.org
`);
  made.write("/etc/hosts", "127.0.0.1 localhost\n");
  made.write("/var/lib/caddy/.keep", "");
  return made;
}

/** The places of Caddy that the unit of the script watches. */
const watched = () => [...host.read("/etc/systemd/system/mailcow-mail.example.org-copy.path").matchAll(/^PathChanged=(.*\/caddy\/.*)$/gm)].map(([, path = ""]) => path).join(" ");

/** Caddy runs as the user of its package. Each step leaves what mailcow has then, and what the stand-ins were called with. */
const commands = () => `
exec >/commands.log 2>&1
set -e
serials() { for name in ${names.join(" ")}; do openssl x509 -in ${certificates}/*/$name/$name.crt -noout -serial 2>/dev/null || return 1; done; }
has_all() { serials >/serials; }
has_others() { serials >/serials.now && [ "$(sort /serials /serials.now | uniq -u | wc -l)" = ${2 * names.length} ]; }
changed() { stat -c %y ${watched()}; }
step() {
    ${script}
    mkdir "/$1"
    cp -r ${ssl} "/$1"
    mv /log "/$1"
    : >/log
    for name in ${names.join(" ")}; do
        openssl s_client -connect 127.0.0.1:443 -servername "$name" </dev/null 2>/dev/null | openssl x509 >"/$1/$name"
    done
}
${startPebble}chmod 755 /
chown -R caddy /var/lib/caddy
start() {
    setpriv --reuid caddy --regid "$(id -g caddy)" --clear-groups --inh-caps=-all,+net_bind_service --ambient-caps=+net_bind_service \\
        env HOME=/var/lib/caddy /usr/bin/caddy run --adapter caddyfile --config "/etc/caddy/$1" >>/caddy.log 2>&1 &
}
has_account() { ls ${certificates}/*/account.example.org/account.example.org.crt 2>/dev/null; }
start Account
wait_for has_account
kill $!
wait $! || :
start Caddyfile
wait_for has_all
step ordered
step again
changed >/before
wait_for has_others
changed >/after
step renewed
`;

test("Caddy orders and renews a certificate for every name, and mailcow gets what it serves", async () => {
  host = orderingHost();
  host.write("/commands.sh", commands());
  const { status } = await host.run("sh", ["/commands.sh"], { network: true });
  const logs = ["commands", "dns", "pebble", "caddy"].map((name) => `/${name}.log`).filter((path) => host.has(path)).map((path) => host.read(path));
  expect({ status, logs: status === 0 ? [] : logs }).toEqual({ status: 0, logs: [] });
  expect(host.read("/pebble.log").match(/There are now \d+ accounts/g)).toEqual(["There are now 1 accounts"]);

  const certificate = (path: string) => new X509Certificate(host.read(path));
  const installed = (step: string, name: string) => certificate(name === names[0] ? `/${step}/ssl/cert.pem` : `/${step}/ssl/${name}/cert.pem`);
  const calls = (step: string) => host.read(`/${step}/log`).split("\n").filter((line) => line !== "" && !line.startsWith("serial="));
  for (const step of ["ordered", "renewed"]) {
    for (const name of names) {
      expect(installed(step, name).subjectAltName).toBe(`DNS:${name}`);
      expect(installed(step, name).serialNumber).toBe(certificate(`/${step}/${name}`).serialNumber);
    }
    expect(calls(step)).toEqual(restart);
  }
  for (const name of names) expect(installed("renewed", name).serialNumber).not.toBe(installed("ordered", name).serialNumber);
  expect(calls("again")).toEqual([]);
  // What the unit watches.
  expect(host.read("/before")).not.toBe(host.read("/after"));
});
