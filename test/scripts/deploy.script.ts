/** certbot's deploy hook, on certificates of openssl. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chain, issue } from "./world/certificate.ts";
import { Host, lineage, mailcow, pem, ssl } from "./world/host.ts";
import type { Outcome, RunOptions } from "./world/tree.ts";

const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"];
const description = "hostname: mail.example.org\nmail_domains: [example.org]\ntargets: [certbot]\n";
const script = "/etc/letsencrypt/renewal-hooks/deploy/mailcow-mail.example.org-deploy.sh";
const backups = "/var/lib/mailcow-mail.example.org-deploy/backups";
const restart = ["docker compose restart postfix-mailcow dovecot-mailcow nginx-mailcow", mailcow];

let host: Host;
afterEach(() => host.dispose());

function newHost(deploy: "copy" | "hardlink" = "copy"): void {
  host = new Host(`${description}tls: { issuer: certbot, email: you@example.org, deploy: ${deploy} }\n`);
}

function deploy(options?: RunOptions): Promise<Outcome> {
  return host.run(script, [], options);
}

/** All that the hook may write to. */
function state(): string[] {
  return ["/opt", "/etc", "/var", "/tmp"].flatMap((folder) => host.everything(folder));
}

/** What the stand-ins were told but for the serial number of the certificate, which is checked elsewhere. */
function calls(): string[] {
  return host.calls().filter((line) => !line.startsWith("serial="));
}

beforeEach(() => newHost());

describe("the first certificate", () => {
  const pair = issue(names);

  test("is installed with its modes, and what was there is kept with its own", async () => {
    host.certbot(pair, 1);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(host.installed).toEqual(pair);
    expect([host.mode(`${ssl}/cert.pem`), host.mode(`${ssl}/key.pem`)]).toEqual(["0644", "0600"]);
    expect([host.read(`${backups}/cert.pem`), host.read(`${backups}/key.pem`)]).toEqual([host.first.certificate, host.first.key]);
    expect([host.mode(`${backups}/cert.pem`), host.mode(`${backups}/key.pem`), host.mode(backups)]).toEqual(["0640", "0640", "0700"]);
    expect(calls()).toEqual(restart);
    expect(host.everything(ssl).map((entry) => entry.split(" ")[0])).toEqual(["cert.pem", "dhparams.pem", "key.pem"]);
  });

  test("is installed where there was none", async () => {
    host.remove(`${ssl}/cert.pem`);
    host.remove(`${ssl}/key.pem`);
    host.certbot(pair, 1);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(host.installed).toEqual(pair);
    expect(host.has(backups)).toBe(true);
    expect(host.everything(backups)).toEqual([]);
  });

  test("replaces a symbolic link, which mailcow's containers cannot follow", async () => {
    host.certbot(pair, 1);
    host.link(`${ssl}/cert.pem`, `${lineage}/fullchain.pem`);
    host.link(`${ssl}/key.pem`, `${lineage}/privkey.pem`);
    // The content is the same already, but not for the containers.
    const warning = (file: string) => `mailcow-mail.example.org-deploy: warning: ${ssl}/${file} is a link, which is not followed; it is replaced, without a backup\n`;
    expect(await deploy()).toEqual({ status: 0, said: warning("cert.pem") + warning("key.pem") });
    expect(host.everything(ssl).find((entry) => entry.startsWith("cert.pem 644 -----BEGIN"))).toBeDefined();
    expect(calls()).toEqual(restart);
  });

  test("with SKIP_LETS_ENCRYPT missing is warned about", async () => {
    host.write(`${mailcow}/mailcow.conf`, "SKIP_LETS_ENCRYPT=n\n");
    host.certbot(pair, 1);
    const { status, said } = await deploy();
    expect(status).toBe(0);
    expect(said).toContain("acme-mailcow will overwrite this certificate");
  });
});

describe("after the first", () => {
  const [one, two] = [issue(names), issue(names)];

  beforeEach(async () => {
    host.certbot(one, 1);
    expect((await deploy()).status).toBe(0);
    host.calls();
  });

  test("nothing happens when nothing changed", async () => {
    const before = state();
    const inode = host.inode(`${ssl}/cert.pem`);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(state()).toEqual(before);
    expect(host.inode(`${ssl}/cert.pem`)).toBe(inode);
    expect(calls()).toEqual([]);
  });

  test("nothing happens for another certificate of certbot's", async () => {
    host.certbot(two, 2);
    expect(await deploy({ env: { RENEWED_LINEAGE: "/etc/letsencrypt/live/www.example.org" } })).toEqual({ status: 0, said: "" });
    expect(host.installed).toEqual(one);
    expect(calls()).toEqual([]);
  });

  test("a renewal is installed", async () => {
    host.certbot(two, 2);
    expect(await deploy({ env: { RENEWED_LINEAGE: lineage } })).toEqual({ status: 0, said: "" });
    expect(host.installed).toEqual(two);
    expect(host.read(`${backups}/cert.pem`)).toBe(one.certificate);
    expect(calls()).toEqual(restart);
  });

  test("a renewal with the same key is installed", async () => {
    const renewed = issue(names, { key: one.key });
    host.certbot(renewed, 2);
    expect((await deploy()).status).toBe(0);
    expect(host.installed).toEqual(renewed);
    expect(calls()).toEqual(restart);
  });

  test("a chain that changes alone is installed", async () => {
    const longer = { ...one, certificate: one.certificate + chain };
    host.certbot(longer, 2);
    expect((await deploy()).status).toBe(0);
    expect(host.installed).toEqual(longer);
    expect(calls()).toEqual(restart);
  });

  test.each([
    ["a key of another certificate", { certificate: two.certificate, key: one.key }, "is not the key of"],
    ["an expired certificate", issue(names, { days: -1 }), "has expired"],
    ["a certificate for another name", issue(["mail.example.net"]), "is not for mail.example.org"],
    ["a chain cut off", { ...two, certificate: two.certificate.slice(0, -200) }, "is not a whole chain of certificates"],
    ["an empty certificate", { ...two, certificate: "" }, "is not a whole chain of certificates"],
    ["an empty key", { ...two, key: "" }, "is not the key of"],
  ])("%s is refused", async (_, pair, reason) => {
    host.certbot(pair, 2);
    const before = state();
    const { status, said } = await deploy();
    expect({ status, lines: said.trim().split("\n").length }).toEqual({ status: 1, lines: 1 });
    expect(said).toContain(reason);
    expect(state()).toEqual(before);
    expect(calls()).toEqual([]);
  });

  test.each(["fullchain", "privkey"])("a missing %s is refused", async (name) => {
    host.certbot(two, 2);
    host.remove(`/etc/letsencrypt/archive/mail.example.org/${name}2.pem`);
    const before = state();
    const { status, said } = await deploy();
    expect({ status, said }).toEqual({ status: 1, said: `mailcow-mail.example.org-deploy: cannot read ${lineage}/${name}.pem\n` });
    expect(state()).toEqual(before);
    expect(calls()).toEqual([]);
  });

  test("a lineage that is gone is refused", async () => {
    host.remove("/etc/letsencrypt/live");
    expect(await deploy()).toEqual({ status: 1, said: `mailcow-mail.example.org-deploy: there is no ${lineage}\n` });
    expect(host.installed).toEqual(one);
  });

  test("a read-only target keeps what it has", async () => {
    host.certbot(two, 2);
    const before = state();
    const { status, said } = await deploy({ before: `mount --bind "$root${ssl}" "$root${ssl}" && mount -o remount,ro,bind "$root${ssl}"` });
    expect(status).toBe(2);
    expect(said).toContain(`cannot write to ${ssl}`);
    expect(state()).toEqual(before);
    expect(calls()).toEqual([]);
    expect((await deploy()).status).toBe(0);
    expect(host.installed).toEqual(two);
  });

  test("a full disk keeps what it has", async () => {
    host.certbot(two, 2);
    const { status, said } = await deploy({
      before: `mkdir "$root/seed" && cp -a "$root${ssl}/." "$root/seed" && mount -t tmpfs -o size=20k none "$root${ssl}" && cp -a "$root/seed/." "$root${ssl}"; dd if=/dev/zero of="$root${ssl}/filler" 2>/dev/null`,
      after: `rm "$root${ssl}/filler"; cp -a "$root${ssl}" "$root/after"`,
    });
    expect(status).toBe(2);
    expect(said).toContain(`cannot write to ${ssl}`);
    expect(host.everything("/after")).toEqual(host.everything("/seed"));
    expect(calls()).toEqual([]);
  });

  test("a target that is not there is told", async () => {
    host.remove(ssl);
    expect(await deploy()).toEqual({ status: 2, said: `mailcow-mail.example.org-deploy: there is no folder ${ssl}\n` });
  });

  test("a folder in the certificate's place is told", async () => {
    host.remove(`${ssl}/cert.pem`);
    host.write(`${ssl}/cert.pem/x`, "");
    const before = state();
    const { status, said } = await deploy();
    expect({ status, said }).toEqual({ status: 2, said: `mailcow-mail.example.org-deploy: ${ssl}/cert.pem is a folder\n` });
    expect(state()).toEqual(before);
  });

  test("mailcow that does not restart is restarted by the next run", async () => {
    host.certbot(two, 2);
    host.failing("docker");
    const { status, said } = await deploy();
    expect(status).toBe(3);
    expect(said).toContain("mailcow is not restarted");
    host.failing("docker", false);
    host.calls();
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual(restart);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual([]);
  });

  test("a run beside another waits, and finds nothing left to do", async () => {
    host.certbot(two, 2);
    host.standIn("docker", 'echo "docker $*" >>/log; sleep 1');
    const outcomes = await Promise.all([deploy(), deploy(), deploy()]);
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ status: 0, said: "" })));
    expect(host.calls()).toEqual([restart[0]]);
    expect(host.installed).toEqual(two);
  });

  describe("interrupted", () => {
    /** Stands in for mv, and ends the script in place of putting the certificate into its place. */
    function interrupt(signal: string): void {
      host.standIn("mv", `case $* in *"${ssl}/cert.pem") [ -e /interrupted ] || { : >/interrupted; kill -${signal} "$PPID"; exit 0; } ;; esac; exec /usr/bin/mv "$@"`);
    }

    test.each(["HUP", "INT", "TERM"])("between the two files by %s, it puts the old pair back and leaves nothing", async (signal) => {
      host.certbot(two, 2);
      interrupt(signal);
      const { status } = await deploy();
      expect(status).toBe({ HUP: 129, INT: 130, TERM: 143 }[signal]);
      expect(host.installed).toEqual(one);
      expect(host.everything(ssl).map((entry) => entry.split(" ")[0])).toEqual(["cert.pem", "dhparams.pem", "key.pem"]);
      expect(host.everything("/var/lib/mailcow-mail.example.org-deploy").map((entry) => entry.split(" ")[0])).toEqual(["backups", "backups/cert.pem", "backups/key.pem"]);
      expect(calls()).toEqual([]);
      expect(await deploy()).toEqual({ status: 0, said: "" });
      expect(host.installed).toEqual(two);
      expect(host.read(`${backups}/key.pem`)).toBe(one.key);
      expect(calls()).toEqual(restart);
    });

    test("where the certificate cannot be renamed, it puts the old pair back", async () => {
      host.certbot(two, 2);
      host.standIn("mv", `case $* in *"${ssl}/cert.pem") exit 1 ;; esac; exec /usr/bin/mv "$@"`);
      const { status, said } = await deploy();
      expect({ status, said }).toEqual({ status: 2, said: `mailcow-mail.example.org-deploy: cannot replace ${ssl}/cert.pem\n` });
      expect(host.installed).toEqual(one);
      expect(calls()).toEqual([]);
    });

    test("by a power cut between the two files, the next run heals it, and the backup is the last pair", async () => {
      host.certbot(two, 2);
      interrupt("KILL");
      await deploy();
      expect(host.installed).toEqual({ certificate: one.certificate, key: two.key });
      expect(calls()).toEqual([]);
      expect(await deploy()).toEqual({ status: 0, said: "" });
      expect(host.installed).toEqual(two);
      expect([host.read(`${backups}/cert.pem`), host.read(`${backups}/key.pem`)]).toEqual([one.certificate, one.key]);
      expect(host.everything(ssl).map((entry) => entry.split(" ")[0])).toEqual(["cert.pem", "dhparams.pem", "key.pem"]);
      expect(calls()).toEqual(restart);
    });

    test("while mailcow restarts, the next run restarts it", async () => {
      host.certbot(two, 2);
      host.standIn("docker", `echo "docker $*" >>/log; [ ! -e /interrupted ] || exit 0; : >/interrupted
for process in "$PPID" "$(cut -d' ' -f4 "/proc/$PPID/stat")"; do
    if grep -qa ^/bin/sh "/proc/$process/cmdline"; then kill -TERM "$process"; fi
done`);
      expect((await deploy()).status).toBe(143);
      expect(host.installed).toEqual(two);
      host.calls();
      expect((await deploy()).status).toBe(0);
      expect(host.calls()).toEqual([restart[0]]);
    });
  });
});

describe("hard links", () => {
  const [one, two] = [issue(names), issue(names)];
  const archive = "/etc/letsencrypt/archive/mail.example.org";
  beforeEach(() => {
    host.dispose();
    newHost("hardlink");
  });

  test("are made in one file system, for each certificate anew", async () => {
    for (const [number, pair] of [one, two].entries()) {
      host.certbot(pair, number + 1);
      expect(await deploy()).toEqual({ status: 0, said: "" });
      expect(host.installed).toEqual(pair);
      expect(host.inode(`${ssl}/cert.pem`)).toBe(host.inode(`${archive}/fullchain${number + 1}.pem`));
      expect(host.inode(`${ssl}/key.pem`)).toBe(host.inode(`${archive}/privkey${number + 1}.pem`));
    }
    // The backup is a file of its own.
    expect(host.read(`${backups}/cert.pem`)).toBe(one.certificate);
    expect(host.inode(`${backups}/cert.pem`)).not.toBe(host.inode(`${archive}/fullchain1.pem`));
    expect([host.mode(`${ssl}/cert.pem`), host.mode(`${ssl}/key.pem`)]).toEqual(["0644", "0600"]);
  });

  test("across file systems are copies", async () => {
    host.certbot(one, 1);
    const outcome = await deploy({ before: `mount -t tmpfs none "$root${ssl}"`, after: `cp -a "$root${ssl}" "$root/after"` });
    expect(outcome).toEqual({ status: 0, said: "" });
    expect(host.read("/after/cert.pem")).toBe(one.certificate);
    expect(host.read("/after/key.pem")).toBe(one.key);
    expect([host.mode("/after/cert.pem"), host.mode("/after/key.pem")]).toEqual(["0644", "0600"]);
    expect(calls()).toEqual(restart);
  });
});

describe("folders that mailcow serves by name", () => {
  const pair = issue(names);
  const stale = issue(["autodiscover.example.org", "autoconfig.example.org"]);

  function place(name: string, domains: string): void {
    host.write(`${ssl}/${name}/cert.pem`, stale.certificate);
    host.write(`${ssl}/${name}/key.pem`, stale.key, 0o600);
    host.write(`${ssl}/${name}/domains`, domains);
  }

  beforeEach(() => host.certbot(pair, 1));

  test("make way when the new certificate has all their names", async () => {
    place("autodiscover.example.org", "autodiscover.example.org autoconfig.example.org");
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(host.has(`${ssl}/autodiscover.example.org`)).toBe(false);
    const kept = host.everything(`${backups}/autodiscover.example.org`);
    expect(kept.map((entry) => entry.replace(/^[\d_-]+/, "DATE").split(" ")[0])).toEqual(["DATE", "DATE/cert.pem", "DATE/domains", "DATE/key.pem"]);
    expect(kept.join("\n")).toContain(stale.key);
    expect(calls()).toEqual(restart);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual([]);
  });

  test("make way when they come later", async () => {
    expect((await deploy()).status).toBe(0);
    host.calls();
    place("mail.example.org", "mail.example.org");
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(host.has(`${ssl}/mail.example.org`)).toBe(false);
    expect(calls()).toEqual(restart);
  });

  test("stay, with a word, when they have further names", async () => {
    place("imap.example.org", "imap.example.org autodiscover.example.org");
    const before = host.everything(`${ssl}/imap.example.org`);
    const { status, said } = await deploy();
    expect(status).toBe(0);
    expect(said).toBe(`mailcow-mail.example.org-deploy: warning: ${ssl}/imap.example.org goes on serving, because the certificate lacks imap.example.org\n`);
    expect(host.everything(`${ssl}/imap.example.org`)).toEqual(before);
  });

  test("stay when they are for other names, or are not served", async () => {
    place("mail.example.net", "mail.example.net *.example.net");
    host.write(`${ssl}/acme/account.pem`, "");
    host.write(`${ssl}/mail.example.org/cert.pem`, "");
    expect(await deploy()).toEqual({ status: 0, said: "" });
    for (const name of ["mail.example.net", "acme", "mail.example.org"]) expect(host.has(`${ssl}/${name}`)).toBe(true);
    expect(host.everything(backups).map((entry) => entry.split(" ")[0])).toEqual(["cert.pem", "key.pem"]);
  });
});

describe("the proxy", () => {
  const [one, two] = [issue(names), issue(names)];
  const checks = {
    nginx: ["nginx -t", "systemctl reload nginx"],
    apache: ["apache2ctl -t", "systemctl reload apache2"],
    haproxy: ["haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d", "systemctl reload haproxy"],
  } as const;

  beforeEach(() => host.certbot(one, 1));

  test.each(["nginx", "apache", "haproxy"] as const)("%s is reloaded after its own check", async (server) => {
    host.serve(server);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual([...restart, ...checks[server]]);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual([]);
  });

  test.each([["nginx", "nginx"], ["apache", "apache2ctl"], ["haproxy", "haproxy"]] as const)("%s whose configuration is refused is left alone, and tried again", async (server, program) => {
    host.serve(server);
    host.failing(program);
    const { status, said } = await deploy();
    expect(status).toBe(3);
    expect(said).toContain("its configuration is refused");
    expect(calls()).toEqual([...restart, checks[server][0]]);
    host.failing(program, false);
    expect(await deploy()).toEqual({ status: 0, said: "" });
    // mailcow has the certificate by now.
    expect(calls()).toEqual([...checks[server]]);
  });

  test("that does not run is not touched, and one without this site neither", async () => {
    host.serve("nginx", { running: false });
    host.write("/running/apache2", "");
    expect((await deploy()).status).toBe(0);
    expect(calls()).toEqual(restart);
  });

  test("HAProxy's file is the certificate and the key, for root alone", async () => {
    host.serve("haproxy");
    expect((await deploy()).status).toBe(0);
    expect(host.read(pem)).toBe(one.certificate + one.key);
    expect(host.mode(pem)).toBe("0600");
    expect(host.everything("/etc/haproxy").map((entry) => entry.split(" ")[0])).toEqual(["conf.d", "conf.d/mailcow-mail.example.org.cfg", "mailcow-mail.example.org.pem"]);
  });

  test("HAProxy's file is made where it has one for several hosts", async () => {
    host.write("/etc/haproxy/conf.d/mailcow.cfg", "");
    host.write("/etc/haproxy/mailcow.crt-list", `# The certificates\n/etc/haproxy/mailcow-mail.example.com.pem\n${pem}\n`);
    host.write("/running/haproxy", "");
    expect((await deploy()).status).toBe(0);
    expect(host.read(pem)).toBe(one.certificate + one.key);
    expect(calls()).toEqual([...restart, ...checks.haproxy]);
  });

  test("HAProxy that serves others alone gets no file", async () => {
    host.write("/etc/haproxy/conf.d/mailcow.cfg", "");
    host.write("/etc/haproxy/mailcow.crt-list", "/etc/haproxy/mailcow-mail.example.org.example.com.pem\n");
    host.write("/running/haproxy", "");
    expect((await deploy()).status).toBe(0);
    expect(host.has(pem)).toBe(false);
    expect(calls()).toEqual(restart);
  });

  test("HAProxy that refuses the new file gets the old one back", async () => {
    host.serve("haproxy");
    expect((await deploy()).status).toBe(0);
    host.certbot(two, 2);
    host.failing("haproxy");
    expect((await deploy()).status).toBe(3);
    expect(host.read(pem)).toBe(one.certificate + one.key);
    host.failing("haproxy", false);
    expect((await deploy()).status).toBe(0);
    expect(host.read(pem)).toBe(two.certificate + two.key);
  });

  test("HAProxy's file is made when HAProxy comes later", async () => {
    expect((await deploy()).status).toBe(0);
    host.calls();
    host.serve("haproxy");
    expect((await deploy()).status).toBe(0);
    expect(host.read(pem)).toBe(one.certificate + one.key);
    expect(calls()).toEqual([...checks.haproxy]);
  });

  test("is not kept from the certificate by mailcow, nor mailcow by it", async () => {
    host.serve("nginx");
    host.failing("docker");
    expect((await deploy()).status).toBe(3);
    expect(calls()).toEqual([restart[0], ...checks.nginx]);
  });
});

test("mailcow is restarted when both files are in place", async () => {
  const pair = issue(names);
  host.certbot(pair, 1);
  host.standIn("docker", `openssl x509 -noout -pubkey -in data/assets/ssl/cert.pem >>/log; openssl pkey -pubout -in data/assets/ssl/key.pem >>/log`);
  expect((await deploy()).status).toBe(0);
  const told = host.calls();
  expect(told.slice(0, told.length / 2)).toEqual(told.slice(told.length / 2));
  expect(told.length).toBeGreaterThan(4);
});
