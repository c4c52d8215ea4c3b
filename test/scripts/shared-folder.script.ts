/**
 * Mailcow's containers write to its folder for certificates while root's scripts work there. What another user puts into that
 * folder, before a script or while it runs, makes root neither write nor read anything outside it, nor wait.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attacker, beside, first, letIn, secret } from "./world/attacker.ts";
import { issue } from "./world/certificate.ts";
import { Host, mailcow, pem, rendered, ssl } from "./world/host.ts";
import type { Outcome, RunOptions } from "./world/tree.ts";

const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"];
const program = "mailcow-mail.example.org-deploy";
const backups = `/var/lib/${program}/backups`;

let host: Host;
afterEach(() => host.dispose());

/** A run that hangs is ended, with status 124. */
function within(seconds: number, script: string, options?: RunOptions): Promise<Outcome> {
  return host.run("timeout", ["-k", "1", String(seconds), script], options);
}

const specials: [string, (path: string) => void, string][] = [
  ["a FIFO", (path) => host.special(path, "fifo"), "is not a regular file"],
  ["a device without an end", (path) => host.special(path, "zero"), "is not a regular file"],
  ["a file of 10 GB", (path) => host.sparse(path, 10_000_000_000), "is larger than 1024 KiB"],
  ["a link to a file of root's", (path) => host.link(path, "/etc/secret"), "is a link, which is not followed"],
];

describe("certbot's deploy hook", () => {
  const pair = issue(names);
  const script = `/etc/letsencrypt/renewal-hooks/deploy/${program}.sh`;
  const deploy = (options?: RunOptions) => within(20, script, options);

  beforeEach(() => {
    host = new Host("hostname: mail.example.org\nmail_domains: [example.org]\ntargets: [certbot]\ntls: { issuer: certbot, email: you@example.org }\n");
    host.certbot(pair, 1);
    letIn(host);
  });

  /** No byte of the secret is where others may read it. */
  function expectSecret(): void {
    expect(host.read("/etc/secret")).toBe(secret);
    for (const folder of [ssl, "/tmp", "/var"]) expect(host.everything(folder).filter((entry) => entry.includes("BEGIN SECRET"))).toEqual([]);
  }

  test("puts nothing behind links that stand in the place of folders", async () => {
    host.write("/etc/cron.daily/apt", "#!/bin/sh\n", 0o755);
    const before = host.everything("/etc");
    const { status, said } = await deploy(first(`cd ${ssl}
      mkdir .own cron.daily; echo mail.example.org | tee .own/domains cron.daily/domains >/dev/null; printf "#!/bin/sh\\n" >cron.daily/run; chmod +x cron.daily/run
      ln -s /etc backups; ln -s .own cron.weekly`));
    expect(status).toBe(0);
    expect(host.everything("/etc")).toEqual(before);
    for (const name of ["backups", "cron.weekly"]) expect(said).toContain(`warning: ${ssl}/${name} is a link, which is not followed`);
    // The folder that is one is kept for root only, and without the program.
    expect(host.has(`${ssl}/cron.daily`)).toBe(false);
    expect(host.mode(backups)).toBe("0700");
    expect(host.everything(`${backups}/cron.daily`).map((entry) => entry.replace(/^[\d_-]+/, "DATE").split(" ")[0])).toEqual(["DATE", "DATE/domains"]);
  });

  test("reads nothing through a link, and keeps none of it", async () => {
    const { status, said } = await deploy(first(`cd ${ssl} && ln -sf /etc/secret key.pem && ln -sf /etc/secret cert.pem`));
    expect({ status, said: said.trim().split("\n") }).toEqual({ status: 0, said: ["cert", "key"].map((file) => `${program}: warning: ${ssl}/${file}.pem is a link, which is not followed; it is replaced, without a backup`) });
    expect(host.installed).toEqual(pair);
    expectSecret();
  });

  test("puts a link back as it was when it is ended half-way", async () => {
    host.standIn("mv", `case $* in *"${ssl}/cert.pem") [ -e /interrupted ] || { : >/interrupted; kill -TERM "$PPID"; exit 0; } ;; esac; exec /usr/bin/mv "$@"`);
    expect((await host.run(script, [], first(`ln -sf /etc/secret ${ssl}/key.pem`))).status).toBe(143);
    expect(host.everything(ssl).find((entry) => entry.startsWith("key.pem"))).toBe("key.pem 777 /etc/secret");
    expectSecret();
  });

  describe.each([
    ["beside mailcow's folder", ""],
    ["in it, where it is a file system of its own", `cp -a "$root${ssl}" "$root/seed" && mount -t tmpfs -o mode=0777 none "$root${ssl}" && cp -a "$root/seed/." "$root${ssl}" && rm -r "$root/seed"`],
  ])("with its work %s", (_, mount) => {
    test("writes through no link that takes the place of its work, and gives no key away", async () => {
      for (let attempt = 0; attempt < 6; attempt++) {
        host.certbot(issue(names), attempt + 2);
        const { status } = await deploy(beside(host, `
os.makedirs("/tmp/trap", exist_ok=True)
open("/tmp/stolen", "a").close(); os.path.exists("/tmp/trap/key.pem") or os.symlink("/tmp/stolen", "/tmp/trap/key.pem")
for name in ("cert.pem", "old-key.pem", "backup"):
    os.path.lexists("/tmp/trap/" + name) or os.symlink("/etc/victim", "/tmp/trap/" + name)
while time.time() < end:
    for name in os.listdir(ssl):
        if not name.startswith(".mailcow"): continue
        os.rename(ssl + "/" + name, ssl + "/.moved%f" % time.time())
        os.symlink("/tmp/trap" if os.path.isdir(ssl + "/" + name) or "cert" not in name else "/etc/victim", ssl + "/" + name)`, mount));
        expect([0, 2, 3]).toContain(status);
        expect(host.read("/etc/victim")).toBe("root's own\n");
        expect(host.has("/tmp/stolen") ? host.read("/tmp/stolen") : "").toBe("");
      }
    });
  });

  test("links no key into a folder behind a link, where mailcow's folder is a mount", async () => {
    host.dispose();
    host = new Host("hostname: mail.example.org\nmail_domains: [example.org]\ntargets: [certbot]\ntls: { issuer: certbot, email: you@example.org, deploy: hardlink }\n");
    host.certbot(pair, 1);
    letIn(host);
    host.write("/etc/cron.daily/apt", "#!/bin/sh\n", 0o755);
    const before = host.everything("/etc/cron.daily");
    const won = `
for name in os.listdir(ssl):
    if name.startswith(".mailcow") and name.endswith(".cert.pem"):
        os.symlink("/etc/cron.daily", ssl + "/" + name[:-8] + "key.pem")
        open("/tmp/won", "w")
        raise SystemExit`;
    const { status } = await deploy(beside(host, won, `mount --bind "$root${ssl}" "$root${ssl}"`));
    expect(host.everything("/etc/cron.daily")).toEqual(before);
    // The attacker was in time, or it was not; mailcow has no link for a key either way.
    expect(host.has("/tmp/won") ? [2, 0] : [0]).toContain(status);
  });

  test("takes no file from behind a link that comes and goes in the place of a folder", async () => {
    host.write("/etc/private/domains", "mail.example.org\n", 0o600);
    host.write("/etc/private/cert.pem", secret, 0o600);
    host.write("/etc/private/key.pem", secret, 0o600);
    host.chmod("/etc/private", 0o700);
    const before = host.everything("/etc/private");
    for (let attempt = 0; attempt < 6; attempt++) {
      await deploy(beside(host, `
os.path.isdir(ssl + "/.real") or os.mkdir(ssl + "/.real")
open(ssl + "/.real/domains", "w").write("mail.example.org\\n")
os.rename(ssl + "/.real", ssl + "/x")
os.rename(ssl + "/x", ssl + "/.real")
os.symlink("/etc/private", ssl + "/x")
os.unlink(ssl + "/x")`));
      expect(host.everything("/etc/private")).toEqual(before);
      expectSecret();
    }
  });

  test.each(specials)("neither hangs nor reads when a file of mailcow's is %s", async (_, make, reason) => {
    for (const file of ["cert.pem", "key.pem"]) {
      make(`${ssl}/${file}`);
      const { status, said } = await deploy();
      expect({ status, said }).toEqual({ status: 0, said: `${program}: warning: ${ssl}/${file} ${reason}; it is replaced, without a backup\n` });
      expect(host.installed).toEqual(pair);
      expectSecret();
    }
    for (const file of ["domains", "cert.pem", "key.pem"]) {
      host.write(`${ssl}/mail.example.org/domains`, "mail.example.org\n");
      make(`${ssl}/mail.example.org/${file}`);
      const { status, said } = await deploy();
      expect(status).toBe(0);
      expect(said).toContain(`warning: ${ssl}/mail.example.org/${file} ${reason}`);
      expect(host.names(ssl)).toContain(`mail.example.org/${file}`);
      host.remove(`${ssl}/mail.example.org`);
      expectSecret();
    }
  });

  test("is not held up by a list of 100,000 names, and says no more of it than a page", async () => {
    host.write(`${ssl}/mail.example.org/domains`, `${Array.from({ length: 100_000 }, (_, index) => `n${index}.x`).join(" ")} mail.example.org`);
    const { status, said } = await deploy();
    expect(status).toBe(0);
    expect(said).toContain(`${ssl}/mail.example.org goes on serving`);
    expect(said.length).toBeLessThan(5000);
  });

  test("says names without what steers a terminal", async () => {
    host.write(`${ssl}/\u001b[2J\nx/domains`, "mail.example.org \u001b[31m.example.net\n");
    const { status, said } = await deploy();
    expect(status).toBe(0);
    expect(said).toMatch(/^[ -~]+\n$/);
    expect(said).toContain("?[2J?x goes on serving, because the certificate lacks ?[31m.example.net");
  });

  test.each([mailcow, `${mailcow}/data`, `${mailcow}/data/assets`])("does nothing below %s where others can write there", async (folder) => {
    const change = { status: 2, said: `${program}: others than root can change ${folder}; run: chown root: '${folder}' && chmod go-w '${folder}'\n` };
    const before = host.everything("/opt");
    host.chmod(folder, 0o777);
    expect(await deploy()).toEqual(change);
    host.chmod(folder, 0o775);
    expect(await deploy()).toEqual(change);
    host.chmod(folder, 0o755);
    expect(host.everything("/opt")).toEqual(before);
    expect(host.calls()).toEqual([]);
    expect((await deploy()).status).toBe(0);
  });
});

describe("the script of the systemd units", () => {
  const description = "hostname: mail.example.org\nmail_domains: [example.org]\ntls: { sni: true }\ntargets: [systemd]\n";
  const script = "/usr/local/sbin/mailcow-mail.example.org-reload.sh";
  const reload = (options?: RunOptions) => within(20, script, options);
  const domain = `${ssl}/autodiscover.example.org`;
  const own = issue(["autodiscover.example.org"]);

  beforeEach(() => {
    host = new Host(description);
    host.standIn("sleep", "exec /usr/bin/sleep 0.01");
    host.serve("haproxy");
    host.write(`${domain}/domains`, "autodiscover.example.org\n");
    host.write(`${domain}/cert.pem`, own.certificate);
    host.write(`${domain}/key.pem`, own.key);
    letIn(host);
  });

  test.each(specials)("refuses a certificate or a key that is %s, and leaves HAProxy what it has", async (_, make, reason) => {
    for (const file of ["cert.pem", "key.pem"]) {
      const kept = host.read(`${ssl}/${file}`);
      make(`${ssl}/${file}`);
      expect(await reload()).toEqual({ status: 1, said: `mailcow-mail.example.org-reload: ${ssl}/${file} ${reason}\n` });
      host.remove(`${ssl}/${file}`);
      host.write(`${ssl}/${file}`, kept);
    }
    expect(host.calls()).toEqual([]);
    expect(host.read(pem)).toBe(host.first.certificate + host.first.key);
  });

  test.each(specials)("leads a domain to the host's certificate when a file of its folder is %s", async (_, make, reason) => {
    for (const file of ["domains", "cert.pem", "key.pem"]) {
      make(`${domain}/${file}`);
      const { status, said } = await reload();
      expect(status).toBe(0);
      expect(said).toContain(`${domain}/${file} ${file === "domains" ? reason.replace("1024", "64") : reason}`);
      expect(host.everything("/etc/ssl/mailcow-mail.example.org")).toEqual([`example.org 777 ${ssl}`]);
      expect(host.everything("/etc/haproxy/mailcow-mail.example.org")).toEqual([]);
      host.remove(`${domain}/${file}`);
      host.write(`${domain}/${file}`, { domains: "autodiscover.example.org\n", "cert.pem": own.certificate }[file] ?? own.key);
    }
    expect((await reload()).status).toBe(0);
    expect(host.everything("/etc/ssl/mailcow-mail.example.org")).toEqual([`example.org 777 ${domain}`]);
  });

  test("copies no more lists than 16 MiB", async () => {
    for (let number = 0; number < 300; number++) host.sparse(`${ssl}/x${number}/domains`, 65_536);
    host.standIn("sha256sum", `du -sm /run/mailcow-mail.example.org-reload+*/lists | cut -f1 >/lists; exec /usr/bin/sha256sum "$@"`);
    const { status, said } = await within(60, script);
    expect(status).toBe(0);
    expect(said).toContain(`warning: ${ssl} has too many folders or lists; from x`);
    expect(Number(host.read("/lists"))).toBeLessThanOrEqual(17);
    expect(host.everything("/etc/ssl/mailcow-mail.example.org")).toEqual([`example.org 777 ${domain}`]);
  });

  test("leads no domain to a folder behind a link", async () => {
    const { status, said } = await reload(first(`cd ${ssl} && mv autodiscover.example.org .own && ln -s .own autodiscover.example.org`));
    expect(status).toBe(0);
    // Once for each look at the files: the last look finds nothing new.
    expect(new Set(said.trim().split("\n"))).toEqual(new Set([`mailcow-mail.example.org-reload: warning: ${domain} is a link, which is not followed`]));
    expect(host.everything("/etc/ssl/mailcow-mail.example.org")).toEqual([`example.org 777 ${ssl}`]);
  });

  test("gives HAProxy what it has checked, though another user replaces the files without a pause", async () => {
    host.write("/etc/other/cert.pem", host.first.certificate, 0o600);
    const others = issue(["other.example.org"]);
    host.write("/etc/other/key.pem", others.key, 0o600);
    for (let attempt = 0; attempt < 6; attempt++) {
      host.write(pem, "", 0o600);
      await within(5, script, beside(host, `
for name in ("key.pem", "autodiscover.example.org/key.pem"):
    path = ssl + "/" + name
    os.path.lexists(path + ".real") or os.link(path, path + ".real")
    os.symlink("/etc/other/key.pem", path + ".new"); os.rename(path + ".new", path); time.sleep(0.005)
    os.link(path + ".real", path + ".new"); os.rename(path + ".new", path); time.sleep(0.005)`));
      expect(["", host.first.certificate + host.first.key]).toContain(host.read(pem));
      for (const entry of host.everything("/etc/haproxy")) expect(entry).not.toContain(others.key);
    }
  });

  test("does nothing where others can write above the certificate's folder", async () => {
    host.give(`${mailcow}/data`, attacker);
    const { status, said } = await reload();
    expect({ status, said }).toEqual({ status: 1, said: `mailcow-mail.example.org-reload: others than root can change ${mailcow}/data/assets; run: chown root: '${mailcow}/data/assets' && chmod go-w '${mailcow}/data/assets'\n` });
    expect(host.calls()).toEqual([]);
  });

  test("ends a server's check that hangs, such as one that opens a FIFO, and takes up the others", async () => {
    host.serve("nginx");
    host.standIn("timeout", 'case $* in *" openssl "*) exec /usr/bin/timeout "$@" ;; esac; while [ "$1" != nginx ] && [ "$1" != haproxy ]; do shift; done; exec /usr/bin/timeout 0.5 "$@"');
    host.standIn("nginx", "exec /usr/bin/sleep 60");
    const { status, said } = await host.run("/usr/bin/timeout", ["20", script]);
    expect(status).toBe(3);
    expect(said).toContain("nginx is not reloaded");
    expect(host.calls()).toEqual(["haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d", "systemctl reload haproxy"]);
  });

  test("has a unit that does not let it run for ever", () => {
    const service = rendered(description).find(({ path }) => path.endsWith(".service"));
    const [, minutes] = /^TimeoutStartSec=(\d+)min$/m.exec(service?.content ?? "") ?? [];
    // Ten minutes are for another run.
    expect(Number(minutes)).toBeGreaterThan(10);
    expect(Number(minutes)).toBeLessThan(30);
  });
});
