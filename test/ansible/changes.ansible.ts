/** What becomes of a host when its variables, its files or its reloads go other ways. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issue } from "../scripts/world/certificate.ts";
import type { Inventory, Play } from "./world/controller.ts";
import { conf, Fleet } from "./world/fleet.ts";
import type { Machine } from "./world/machine.ts";

let fleet: Fleet;
let inventory: Inventory;
beforeAll(async () => {
  fleet = await Fleet.start();
  inventory = fleet.controller.inventory();
  expect(await fleet.controller.play()).toMatchObject({ status: 0 });
  fleet.calls();
});
afterAll(() => fleet.stop());

/** Runs the playbook on one host, with other variables of it. */
function playOn(name: string, variables: Record<string, unknown>, ...options: readonly string[]): Promise<Play> {
  fleet.controller.setInventory({ ...inventory, [name]: { ...inventory[name], ...variables } });
  return fleet.controller.play("--limit", name, ...options);
}

/** How many tasks changed something on a host. */
function changes({ status, recap, said }: Play, name: string): number {
  expect(status, said).toBe(0);
  return recap[name]?.["changed"] ?? 0;
}

/** Warnings are broken into lines. */
function expectToSay({ said }: Play, text: string): void {
  expect(said.replaceAll(/\s+/g, "")).toContain(text.replaceAll(/\s+/g, ""));
}

describe("nginx", () => {
  const name = "mail.example.org";
  const site = "/etc/nginx/sites-available/mailcow-mail.example.org.conf";
  let machine: Machine;
  beforeAll(() => {
    machine = fleet.machine(name);
  });

  const withDomains = (...domains: readonly string[]) => ({ mailcow_proxy_descriptions: [{ hostname: name, mail_domains: domains }] });

  test("takes up a changed description", async () => {
    const before = machine.generation("nginx");
    expect(machine.ask("autoconfig.example.com").status).toBe(421);
    expect(changes(await playOn(name, withDomains("example.org", "example.com")), name)).toBeGreaterThan(0);
    expect(machine.generation("nginx")).not.toBe(before);
    expect(machine.ask("autoconfig.example.com").status).toBe(200);
    // mailcow.conf and the units are as they were.
    expect(fleet.calls()).toEqual([]);
  });

  test("gets names and passwords in a file that only its group can read, and no diff has their hashes", async () => {
    const passwords = "/etc/nginx/mailcow-mail.example.org.htpasswd";
    const hash = "$2y$05$FVA4SJgipbeU1o0Vm3NJ1O11hnqnJKUbvrbFR0YpgOHQoGxqfcs1W";
    const withUser = (user: string) => ({ mailcow_proxy_descriptions: [{ hostname: name, mail_domains: ["example.org"], basic_auth: { paths: ["/rspamd"], users: [`${user}:${hash}`] } }] });
    const first = await playOn(name, withUser("alice"), "--diff");
    expect(changes(first, name)).toBeGreaterThan(0);
    expect(machine.read(passwords)).toContain(`\nalice:${hash}\n`);
    expect(machine.run("stat", "-c", "%a %U:%G", passwords).trim()).toBe("640 root:www-data");
    expect(machine.has("/etc/nginx/sites-enabled/mailcow-mail.example.org.htpasswd")).toBe(false);
    const second = await playOn(name, withUser("bob"), "--diff");
    expect(second.said).toContain("+bob:(hidden)");
    expect(first.said + second.said).not.toContain(hash);
    expect(changes(await playOn(name, withUser("bob")), name)).toBe(0);
    machine.run("chgrp", "root", passwords);
    expect(changes(await playOn(name, withUser("bob")), name)).toBeGreaterThan(0);
    expect(machine.run("stat", "-c", "%G", passwords).trim()).toBe("www-data");
    expect(changes(await playOn(name, withDomains("example.org", "example.com")), name)).toBeGreaterThan(0);
    fleet.calls();
  });

  test("takes up in a later run what did not reload", async () => {
    const failing = await playOn(name, { ...withDomains("example.net"), mailcow_proxy_reload: { nginx: ["false"] } });
    expect(failing.recap[name]).toMatchObject({ failed: 1 });
    expect(machine.read(site)).toContain("autoconfig.example.net");
    expect(machine.ask("autoconfig.example.com").status).toBe(200);
    expect(changes(await playOn(name, withDomains("example.net")), name)).toBe(2);
    expect(machine.ask("autoconfig.example.com").status).toBe(421);
    expect(machine.ask("autoconfig.example.net").status).toBe(200);
  });

  test("is reloaded by the command that is given, and not at all by none", async () => {
    const before = machine.generation("nginx");
    expect(changes(await playOn(name, { ...withDomains("example.org"), mailcow_proxy_reload: { nginx: [] } }), name)).toBe(2);
    expect(machine.generation("nginx")).toBe(before);
    expect(changes(await playOn(name, { ...withDomains("example.com"), mailcow_proxy_reload: { nginx: ["nginx", "-s", "reload"] } }), name)).toBe(3);
    expect(machine.generation("nginx")).not.toBe(before);
  });

  test.each([[{ ngnix: [] }], [{ nginx: "nginx -s reload" }], [{ nginx: { reload: [] } }]])("is not touched when the commands are %j", async (mailcow_proxy_reload) => {
    const run = await playOn(name, { ...withDomains("example.org"), mailcow_proxy_reload });
    expectToSay(run, "mailcow_proxy_reload must have a list of words for each target");
    expect(run.recap[name]).toMatchObject({ changed: 0, failed: 1 });
  });

  test("is not taken for reloaded when a run breaks off before, also with handlers that are forced", async () => {
    const before = machine.read(conf);
    machine.write(conf, before.replace("HTTP_PORT=8080", "HTTP_PORT='80"), 0o600);
    const broken = await playOn(name, withDomains("example.org"), "--force-handlers");
    expect(broken.recap[name]).toMatchObject({ failed: 1 });
    expect(machine.ask("autoconfig.example.org").status).toBe(421);
    machine.write(conf, before, 0o600);
    expect(changes(await playOn(name, withDomains("example.org")), name)).toBe(2);
    expect(machine.ask("autoconfig.example.org").status).toBe(200);
  });

  test("gets its file back after an edit by hand, which is kept", async () => {
    const edited = `${machine.read(site)}# by hand\n`;
    machine.write(site, edited);
    const play = await playOn(name, withDomains("example.com"));
    expect(changes(play, name)).toBeGreaterThan(0);
    expect(machine.read(site)).not.toContain("by hand");
    const copies = machine.list("/etc/nginx/sites-available").filter((file) => file.endsWith("~"));
    expect(copies.map((copy) => machine.read(`/etc/nginx/sites-available/${copy}`))).toEqual([edited]);
    expectToSay(play, `[WARNING]: a file had been edited by hand; what it was is in /etc/nginx/sites-available/${copies[0]}`);
  });

  test("warns of a site that no description asks for, and prune removes it", async () => {
    const other = { mailcow_proxy_descriptions: [{ hostname: "mail.example.com", mail_domains: ["example.com"] }], mailcow_proxy_targets: ["nginx"] };
    // The two ask for the same names, which nginx warns of.
    const play = await playOn(name, other);
    expect(changes(play, name)).toBeGreaterThan(0);
    expectToSay(play, `${site} was generated by mailcow-proxy, is enabled, and is in no description of this host`);
    expect(machine.has(site)).toBe(true);
    expect(changes(await playOn(name, { ...other, mailcow_proxy_prune: true }), name)).toBe(3);
    expect(machine.list("/etc/nginx/sites-enabled")).toEqual(["default", "mailcow-mail.example.com.conf"]);
    expect(machine.has(site)).toBe(false);
    expect(machine.ask(name).status).toBe(421);
    expect(changes(await playOn(name, { ...withDomains("example.com"), mailcow_proxy_prune: true }), name)).toBeGreaterThan(0);
  });

  test("does not read what its configuration does not include", async () => {
    const main = machine.read("/etc/nginx/nginx.conf");
    machine.write("/etc/nginx/nginx.conf", main.replace(/^.*sites-enabled.*$/m, ""));
    const play = await playOn(name, withDomains("example.org"));
    expect(play.said).toContain("the server does not read /etc/nginx/sites-enabled/mailcow-mail.example.org.conf: its configuration has to include /etc/nginx/sites-enabled/*.conf");
    machine.write("/etc/nginx/nginx.conf", main);
  });

  test("waits for its certificate", async () => {
    const path = "/opt/mailcow-dockerized/data/assets/ssl/cert.pem";
    const certificate = machine.read(path);
    machine.remove(path);
    const play = await playOn(name, withDomains("example.org"));
    expect(play.said).toContain(`there is no ${path} on this host: the server needs its certificate first`);
    expect(machine.read(site)).not.toContain("autoconfig.example.org");
    machine.write(path, certificate);
  });

  test("has the certificates of mail domains found, in check mode not yet", async () => {
    const wanted = { mailcow_proxy_descriptions: [{ hostname: name, mail_domains: ["example.org"], tls: { sni: true } }] };
    const [folder, pair] = ["/opt/mailcow-dockerized/data/assets/ssl/autodiscover.example.org", issue(["autodiscover.example.org"])];
    machine.write(`${folder}/cert.pem`, pair.certificate);
    machine.write(`${folder}/key.pem`, pair.key, 0o600);
    machine.write(`${folder}/domains`, "autodiscover.example.org autoconfig.example.org mta-sts.example.org");
    const looked = await playOn(name, wanted, "--check");
    expect(changes(looked, name)).toBeGreaterThan(0);
    expectToSay(looked, "not checked, since /usr/local/sbin/mailcow-mail.example.org-reload.sh makes the certificates first: /etc/ssl/mailcow-mail.example.org/example.org/cert.pem");
    expect(changes(await playOn(name, wanted), name)).toBeGreaterThan(0);
    expect(machine.ask("autoconfig.example.org").serial).not.toBe(machine.ask(name).serial);
    expect(changes(await playOn(name, wanted), name)).toBe(0);
  });
});

describe("Apache", () => {
  const name = "mail.example.net";

  test("with certbot waits for the certificate that a script orders", async () => {
    const machine = fleet.machine(name);
    const wanted = {
      mailcow_proxy_targets: ["apache", "certbot", "mailcow-conf"],
      mailcow_proxy_descriptions: [{ hostname: name, mail_domains: ["example.net"], tls: { issuer: "certbot", email: "you@example.net" } }],
    };
    const play = await playOn(name, wanted);
    expect(play.said).toContain(`there is no /etc/letsencrypt/live/${name}/fullchain.pem, no /etc/letsencrypt/live/${name}/privkey.pem on this host`);
    expect(machine.mode(`/usr/local/sbin/mailcow-${name}-issue.sh`)).toBe("0755");
    expect(machine.ask(name).status).toBe(200);
    const pair = issue(["autodiscover.example.net", "autoconfig.example.net", "mta-sts.example.net", name]);
    machine.write("/opt/mailcow-dockerized/data/assets/ssl/dhparams.pem", "");
    machine.write(`/etc/letsencrypt/live/${name}/fullchain.pem`, pair.certificate);
    machine.write(`/etc/letsencrypt/live/${name}/privkey.pem`, pair.key, 0o600);
    fleet.calls();
    expect(changes(await playOn(name, wanted), name)).toBeGreaterThan(0);
    expect(fleet.calls()).toContain(`${name}: certbot certonly`);
    expect(changes(await playOn(name, wanted), name)).toBe(0);
  });
});

describe("HAProxy", () => {
  const name = "proxy.example.com";
  const cfg = ["/etc/haproxy/conf.d", "/etc/haproxy"] as const;

  test("has one site where it had two, and two again", async () => {
    const machine = fleet.machine(name);
    const two = machine.list(cfg[0]);
    expect(changes(await playOn(name, { mailcow_proxy_descriptions: ["descriptions/mail1.example.com.yaml"] }), name)).toBeGreaterThan(0);
    expect(machine.list(cfg[0])).toEqual(["mailcow-mail1.example.com.cfg"]);
    expect(machine.list(cfg[1])).not.toContain("mailcow.crt-list");
    expect([machine.ask("mail1.example.com").status, machine.ask("mail2.example.com").status]).toEqual([200, 421]);
    expect(changes(await playOn(name, {}), name)).toBeGreaterThan(0);
    expect(machine.list(cfg[0])).toEqual(two);
    expect([machine.ask("mail1.example.com").status, machine.ask("mail2.example.com").status]).toEqual([200, 200]);
  });

  test("keeps the options that it had", async () => {
    const machine = fleet.machine(name);
    machine.write("/etc/default/haproxy", "# ours\nEXTRAOPTS='-S /run/haproxy-master.sock -n 2000'\n");
    expect(changes(await playOn(name, {}), name)).toBeGreaterThan(0);
    expect(machine.read("/etc/default/haproxy")).toBe('# ours\nEXTRAOPTS="-S /run/haproxy-master.sock -n 2000 -f /etc/haproxy/conf.d"\n');
    expect(machine.run("pgrep", "-af", "haproxy")).toContain("-n 2000");
  });

  test("beside mailcow has the certificates of mail domains collected", async () => {
    const [on, ssl] = ["mail1.example.com", "/opt/mailcow-dockerized/data/assets/ssl"];
    const machine = fleet.machine(on);
    const pair = issue(["autodiscover.example1.com"]);
    for (const [folder, { certificate, key }] of [[ssl, issue([on])], [`${ssl}/autodiscover.example1.com`, pair]] as const) {
      machine.write(`${folder}/cert.pem`, certificate);
      machine.write(`${folder}/key.pem`, key, 0o600);
    }
    machine.write(`${ssl}/autodiscover.example1.com/domains`, "autodiscover.example1.com");
    const wanted = {
      mailcow_proxy_targets: ["haproxy", "systemd", "mailcow-conf"],
      mailcow_proxy_descriptions: [{ hostname: on, mail_domains: ["example1.com"], tls: { sni: true } }],
      // The proxy that it had on another host.
      mailcow_proxy_remove_entries: true,
    };
    expect(changes(await playOn(on, wanted), on)).toBeGreaterThan(0);
    expect(machine.list("/etc/haproxy/mailcow-mail1.example.com")).toEqual(["example1.com.pem"]);
    expect(machine.ask("autodiscover.example1.com").serial).not.toBe(machine.ask(on).serial);
    expect(machine.read(conf)).toContain("\nENABLE_SSL_SNI=y\n");
    expect(changes(await playOn(on, wanted), on)).toBe(0);
  });
});

describe("mailcow.conf", () => {
  const name = "mail2.example.com";

  test("that somebody has changed elsewhere is left alone", async () => {
    const machine = fleet.machine(name);
    const edited = machine.read(conf).replace("SKIP_CLAMD=n", "SKIP_CLAMD=y");
    machine.write(conf, edited, 0o600);
    expect(changes(await playOn(name, {}), name)).toBe(0);
    expect(machine.read(conf)).toBe(edited);
  });

  test("keeps its mode and owner", async () => {
    const machine = fleet.machine(name);
    machine.run("chmod", "640", conf);
    machine.run("chown", "1000:1000", conf);
    machine.write(conf, machine.read(conf).replace(/^HTTP_PORT=.*$/m, "HTTP_PORT=80"), 0o640);
    expect(changes(await playOn(name, {}), name)).toBe(1);
    expect(machine.run("stat", "-c", "%a %u:%g", conf)).toBe("640 1000:1000\n");
    expect(machine.read(conf)).toContain("\nHTTP_PORT=8080\n");
  });

  test("that merge refuses is told with its line, and stays", async () => {
    const machine = fleet.machine(name);
    const before = machine.read(conf);
    machine.write(conf, before.replace("HTTP_PORT=8080", "HTTP_PORT='80"), 0o600);
    const play = await playOn(name, {});
    expect(play.recap[name]).toMatchObject({ failed: 1 });
    expect(play.said).toMatch(new RegExp(`"${conf}:\\d+:\\d+: error: `));
    expect(machine.read(conf)).toContain("HTTP_PORT='80");
    machine.write(conf, before, 0o600);
  });

  test("loses no entry of a list and no name unless that is allowed", async () => {
    const machine = fleet.machine(name);
    const before = machine.read(conf);
    const other = before.replace(/^MAILCOW_HOSTNAME=.*$/m, "MAILCOW_HOSTNAME=old.example.com").replace(/^ADDITIONAL_SERVER_NAMES=.*$/m, "ADDITIONAL_SERVER_NAMES=webmail.example.com");
    machine.write(conf, other, 0o600);
    const refused = await playOn(name, {});
    expect(refused.recap[name]).toMatchObject({ failed: 1 });
    expect(refused.said).toContain("[conf-removal]");
    expect(refused.said).toContain("[conf-rename]");
    expect(machine.read(conf)).toBe(other);
    expect(changes(await playOn(name, { mailcow_proxy_remove_entries: true, mailcow_proxy_rename_hostname: true }), name)).toBe(1);
    expect(machine.read(conf)).toBe(before);
  });

  test("that is not there is told", async () => {
    const machine = fleet.machine(name);
    machine.remove(conf);
    const play = await playOn(name, {});
    expect(play.said).toContain(`cannot read ${conf}: `);
  });
});

describe("mailcow's other files", () => {
  const name = "mail.example.org";
  const folder = "/opt/mailcow-dockerized";
  const [extra, override, login] = [`${folder}/data/conf/postfix/extra.cf`, `${folder}/docker-compose.override.yml`, `${folder}/data/conf/postfix/sql/relayhost_passwd`];
  const limit = "message_size_limit = 1000\n";
  let machine: Machine;
  let secret: string;
  beforeAll(() => {
    machine = fleet.machine(name);
    machine.write(extra, limit, 0o640);
    machine.write(`${folder}/data/conf/postfix/sql/other.cf`, "");
    secret = join(fleet.controller.folder, "relayhost-password");
    writeFileSync(secret, "the-relay-password\n");
    fleet.calls();
  });

  const others = (port: number) => ({
    mailcow_proxy_targets: ["relayhost", "docker-logging"],
    mailcow_proxy_descriptions: [{ hostname: name, relayhost: { host: "relay.example.net", port, username: "me", password_file: secret }, syslog: { protocol: "tcp" } }],
  });

  test("are merged and made, and taken up, without a secret in what is told", async () => {
    const play = await playOn(name, others(587), "--diff", "-vvv");
    expect(changes(play, name)).toBeGreaterThan(0);
    expect(machine.read(extra)).toMatch(/^myhostname = mail\.example\.org\nmessage_size_limit = 1000\n# mailcow-proxy relayhost: /);
    expect([extra, override, login].map((path) => machine.mode(path))).toEqual(["0640", "0644", "0600"]);
    expect(machine.read(login)).toMatch(/^\[relay\.example\.net\]:587 me:the-relay-password$/m);
    expect(machine.read("/etc/systemd/system/docker.service.d/mailcow.conf")).toContain("After=rsyslog.service\n");
    expect(play.said).toContain("+relayhost = [relay.example.net]:587");
    expect(play.said).not.toContain("the-relay-password");
    expect(fleet.calls().map((call) => call.replace(`${name}: `, ""))).toEqual([
      "systemctl daemon-reload",
      `docker compose restart postfix-mailcow, in ${folder}`,
      `docker compose up -d, in ${folder}`,
    ]);
  });

  test("are as they were in a second run, and with --check", async () => {
    const before = machine.layer();
    expect(changes(await playOn(name, others(587)), name)).toBe(0);
    expect(changes(await playOn(name, others(2525), "--check"), name)).toBeGreaterThan(0);
    expect(machine.layer()).toEqual(before);
    expect(fleet.calls()).toEqual([]);
  });

  test("take up a new secret", async () => {
    writeFileSync(secret, "the-new-password\n");
    const play = await playOn(name, others(587), "--diff");
    expect(changes(play, name)).toBeGreaterThan(0);
    expect(machine.read(login)).toContain("me:the-new-password\n");
    expect(play.said).not.toMatch(/the-\w+-password/);
    expect(fleet.calls()).toEqual([`${name}: docker compose restart postfix-mailcow, in ${folder}`]);
  });

  test("with another value of the administrator's are refused at its line", async () => {
    machine.write(extra, `${limit}relayhost = [other.example.net]\n`);
    const play = await playOn(name, others(587));
    expect(play.recap[name]).toMatchObject({ failed: 1 });
    expectToSay(play, `${extra}:2:13: error: relayhost is [other.example.net] here, but the description asks for [relay.example.net]:587 [merged-differs]`);
    expect(machine.read(extra)).toBe(`${limit}relayhost = [other.example.net]\n`);
  });
});

describe("the mail ports for a proxy", () => {
  const name = "mail1.example.com";
  const folder = "/opt/mailcow-dockerized";
  const [extra, override, rules] = [`${folder}/data/conf/dovecot/extra.conf`, `${folder}/docker-compose.override.yml`, `/etc/nftables.d/mailcow-${name}-mail-ports.nft`];
  const unit = `mailcow-${name}-mail-ports.service`;
  let machine: Machine;
  beforeAll(() => {
    machine = fleet.machine(name);
    machine.write(extra, "haproxy_trusted_networks = 10.13.13.0/24\n", 0o640);
    fleet.calls();
  });

  const ports = (address: string) => ({
    mailcow_proxy_targets: ["mail-ports", "mailcow-conf"],
    // Another proxy is in the place of the one before.
    mailcow_proxy_remove_entries: true,
    mailcow_proxy_descriptions: [{ hostname: name, mailcow: { http: { bind: "10.13.13.2" }, https: { bind: "10.13.13.2" } }, proxy: { upstream: { address: "10.13.13.2" }, addresses: [address] }, mail: { address: "10.13.13.2" }, targets: ["mail-ports", "mailcow-conf"] }],
  });
  const calls = () => fleet.calls().map((call) => call.replace(`${name}: `, ""));
  const closed = ["systemctl daemon-reload", `systemctl enable ${unit}`, `systemctl reload-or-restart ${unit}`];

  test("are closed first, and not published if one of mailcow's files has another value", async () => {
    const play = await playOn(name, ports("10.13.13.1"));
    expect(play.recap[name]).toMatchObject({ failed: 1 });
    expectToSay(play, `${extra}:1:28: error: haproxy_trusted_networks is 10.13.13.0/24 here, but the description asks for 10.13.13.1 [merged-differs]`);
    expect(machine.read(rules)).toContain("elements = { 10.13.13.1 }");
    expect(machine.read(extra)).toBe("haproxy_trusted_networks = 10.13.13.0/24\n");
    expect(calls()).toEqual(closed);
  });

  test("are closed before mailcow publishes them", async () => {
    machine.write(extra, "mail_debug = yes\n", 0o640);
    const play = await playOn(name, ports("10.13.13.1"), "--diff");
    expect(changes(play, name)).toBeGreaterThan(0);
    expect(play.said).toContain(`+++ b${extra}`);
    expect(play.said).toContain("+haproxy_trusted_networks = 10.13.13.1");
    expect(machine.read(extra)).toMatch(/^mail_debug = yes\n# mailcow-proxy mail-ports: .*\n(?:#.*\n)*haproxy_trusted_networks = 10\.13\.13\.1\n/);
    expect(machine.read(conf)).toContain("\nIMAPS_PORT_HAPROXY=10.13.13.2:10993\n");
    expect(machine.read(override)).toContain("${IMAPS_PORT_HAPROXY:-127.0.0.1:10993}:10993");
    expect([extra, override, rules].map((path) => machine.mode(path))).toEqual(["0640", "0644", "0644"]);
    expect(calls()).toEqual([...closed, `docker compose up -d, in ${folder}`, `docker compose restart dovecot-mailcow, in ${folder}`, `docker compose up -d, in ${folder}`]);
  });

  test("stay as they are in a second run, and with --check", async () => {
    const layer = machine.layer();
    expect(changes(await playOn(name, ports("10.13.13.1")), name)).toBe(0);
    expect(changes(await playOn(name, ports("10.13.13.9"), "--check"), name)).toBeGreaterThan(0);
    expect(machine.layer()).toEqual(layer);
    expect(calls()).toEqual([]);
  });

  test("follow the proxy, the firewall first", async () => {
    expect(changes(await playOn(name, ports("10.13.13.9"), "--diff"), name)).toBeGreaterThan(0);
    expect(machine.read(rules)).toContain("elements = { 10.13.13.9 }");
    expect(machine.read(extra)).toContain("\nhaproxy_trusted_networks = 10.13.13.9\n");
    expect(calls().slice(0, 3)).toEqual(closed);
  });
});
