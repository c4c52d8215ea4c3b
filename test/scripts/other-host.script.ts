/** The recipes of docs/certificates.md for a proxy on another host, followed on two hosts with a real sshd between them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { root } from "../support.ts";
import { issue, type Pair } from "./world/certificate.ts";
import { mailcow, pem, ssl } from "./world/host.ts";
import { TwoHosts, mailAddress, strangeAddress } from "./world/two-hosts.ts";

const page = readFileSync(join(root, "docs/certificates.md"), "utf8");
const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org", "imap.example.org"];
const place = "/etc/ssl/mailcow-mail.example.org";
const nginx = ["nginx -t", "systemctl reload nginx"];
const key = "-i /root/.ssh/mailcow-mail.example.org -o BatchMode=yes";

let hosts: TwoHosts;
afterEach(() => hosts.end());

/** The blocks of a section in a language. */
function blocks(heading: string, language: string): string[] {
  const section = page.split(/^###? /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\`$`, "gms"))].map(([, block = ""]) => block.replaceAll(/^ {3}/gm, ""));
}

async function begin(heading: string, change = (description: string) => description): Promise<void> {
  const [description = ""] = blocks(heading, "yaml");
  hosts = await TwoHosts.begin(change(description));
  hosts.proxy.serve("nginx");
  hosts.proxy.serve("haproxy");
  hosts.proxy.remove(pem);
  hosts.proxy.calls();
  const [onProxy = "", onMail = ""] = blocks("The SSH key", "sh");
  await done(hosts.onProxy(`set -e\n${onProxy.replace(/^ssh-keygen -lf.*$/m, "$& >/proxy-knows")}`));
  await done(hosts.onMail(`set -e\n${onMail.trim()} >/mail-is`));
  expect(hosts.proxy.read("/proxy-knows").split(" ")[1]).toBe(hosts.mail.read("/mail-is").split(" ")[1]);
}

/** A block of the page, with the key that the administrator puts into it. */
function step(heading: string, number: number): string {
  const block = blocks(heading, "sh")[number] ?? "exit 97";
  return `set -e\n${block.replace(" KEY'", ` ${hosts.proxy.read("/root/.ssh/mailcow-mail.example.org.pub").trim()}'`)}`;
}

async function done(outcome: Promise<{ status: number; said: string }>): Promise<void> {
  expect(await outcome).toEqual({ status: 0, said: expect.not.stringContaining("mailcow-mail.example.org-") });
}

/** What is refused, and that nothing of it reached mailcow. */
async function refused(commands: string, said: string, status = 1): Promise<void> {
  const before = hosts.mail.everything(mailcow);
  expect(await hosts.onProxy(commands)).toEqual({ status, said: expect.stringContaining(said) });
  expect(hosts.mail.everything(mailcow)).toEqual(before);
  expect(hosts.mail.calls()).toEqual([]);
}

function renew({ certificate, key: own }: Pair): void {
  hosts.mail.write(`${ssl}/cert.pem`, certificate);
  hosts.mail.write(`${ssl}/key.pem`, own, 0o600);
}

function fetched(): Pair {
  return { certificate: hosts.proxy.read(hosts.proxy.target(`${place}/cert.pem`)), key: hosts.proxy.read(hosts.proxy.target(`${place}/key.pem`)) };
}

describe("the proxy that fetches mailcow's certificate", () => {
  const heading = "The proxy fetches mailcow's certificate";
  const fetch = "/usr/local/sbin/mailcow-mail.example.org-fetch.sh";
  const ready = async (change?: (description: string) => string) => {
    await begin(heading, change);
    renew(issue(names));
    await done(hosts.onMail(step(heading, 0)));
  };

  test("has it after the recipe, and each new one, and reloads for nothing else", async () => {
    await ready();
    await done(hosts.onProxy(step(heading, 1)));
    expect(fetched()).toEqual(hosts.mail.installed);
    expect(hosts.proxy.read(pem)).toBe(hosts.mail.installed.certificate + hosts.mail.installed.key);
    expect(hosts.proxy.calls()).toEqual(expect.arrayContaining([...nginx, "systemctl enable --now mailcow-mail.example.org-fetch.timer"]));

    await done(hosts.onProxy(fetch));
    expect(hosts.proxy.calls()).toEqual([]);

    renew(issue(names));
    await done(hosts.onProxy(fetch));
    expect(fetched()).toEqual(hosts.mail.installed);
    expect(hosts.proxy.calls()).toEqual(expect.arrayContaining(nginx));
    expect(hosts.proxy.names(`${place}.d`).filter((name) => name.endsWith("/cert.pem"))).toHaveLength(1);
  });

  test("keeps the old one when the new one is refused, by it or by the server, and when the host is away", async () => {
    await ready();
    await done(hosts.onProxy(step(heading, 1)));
    const first = fetched();
    const kept = hosts.proxy.read(pem);
    hosts.proxy.calls();
    for (const [pair, said] of [
      [issue(names, { days: -1 }), "has expired"],
      [{ certificate: issue(names).certificate, key: issue(names).key }, "is not the key of"],
      [issue(["mail.example.net"]), "is not for mail.example.org"],
    ] as const) {
      renew(pair);
      hosts.mail.standIn("sleep", "");
      expect(await hosts.onProxy(fetch)).toEqual({ status: 1, said: expect.stringContaining(said) });
      expect([fetched(), hosts.proxy.read(pem)]).toEqual([first, kept]);
    }
    expect(hosts.proxy.calls()).toEqual([]);

    renew(issue(names));
    hosts.proxy.failing("nginx");
    hosts.proxy.failing("haproxy");
    expect((await hosts.onProxy(fetch)).status).toBe(3);
    expect([fetched(), hosts.proxy.read(pem)]).toEqual([first, kept]);
    hosts.proxy.failing("nginx", false);
    hosts.proxy.failing("haproxy", false);
    await done(hosts.onProxy(fetch));
    expect(fetched()).toEqual(hosts.mail.installed);

    const last = fetched();
    expect(await hosts.onProxy(`ip link set eth0 down\n${fetch}\nstatus=$?\nip link set eth0 up\nexit $status`)).toEqual({ status: 1, said: expect.stringContaining("mailcow's host gives no certificate") });
    expect(fetched()).toEqual(last);
  });

  test("gets nothing else with its key, and a stranger gets nothing", async () => {
    await ready();
    const refusal = "this key can only fetch the certificate";
    for (const command of ["id", "cat /etc/passwd", "/bin/sh", "-- -h"]) await refused(`ssh ${key} root@${mailAddress} ${command}`, refusal);
    await refused(`ssh ${key} -s root@${mailAddress} sftp`, "subsystem request failed", 255);
    await refused(`ssh ${key} -N -o ExitOnForwardFailure=yes -R 9999:127.0.0.1:22 root@${mailAddress}`, "remote port forwarding failed", 255);
    await refused(`ssh ${key} -b ${strangeAddress} root@${mailAddress}`, "Permission denied", 255);
    await refused(`ssh-keygen -q -t ed25519 -N '' -f /root/stranger && ssh -i /root/stranger -o IdentitiesOnly=yes -o BatchMode=yes root@${mailAddress}`, "Permission denied", 255);
    // Another host in its place.
    await done(hosts.onProxy("cut -d' ' -f1,2 /root/stranger.pub | sed 's/^/10.0.0.20 /' >/root/.ssh/known_hosts"));
    hosts.proxy.write("/usr/local/sbin/mailcow-mail.example.org-fetch.sh", hosts.proxy.read("/root/out/systemd/mailcow-mail.example.org-fetch.sh"), 0o755);
    await refused(fetch, "Host key verification failed");
  });

  test("has the mail domains' certificates too, and the host's until there is one", async () => {
    await ready((description) => `${description}tls: { sni: true }\n`);
    await done(hosts.onProxy(step(heading, 1)));
    expect(hosts.proxy.read(hosts.proxy.target(`${place}/example.org/cert.pem`))).toBe(hosts.mail.installed.certificate);
    const own = issue(["autodiscover.example.org"]);
    hosts.mail.write(`${ssl}/autodiscover.example.org/cert.pem`, own.certificate);
    hosts.mail.write(`${ssl}/autodiscover.example.org/key.pem`, own.key);
    hosts.mail.write(`${ssl}/autodiscover.example.org/domains`, "autodiscover.example.org\n");
    await done(hosts.onProxy(fetch));
    expect(hosts.proxy.read(hosts.proxy.target(`${place}/example.org/cert.pem`))).toBe(own.certificate);
    expect(hosts.proxy.read("/etc/haproxy/mailcow-mail.example.org/example.org.pem")).toBe(own.certificate + own.key);
    expect(fetched()).toEqual(hosts.mail.installed);
  });

  test.each([
    ["nothing", ""],
    ["no certificate", "echo '== mail.example.org'; echo hello"],
    ["names with paths", "printf '== ../../../etc/x\\n== /etc/x\\nno\\n'"],
    ["an answer without an end", "exec cat /dev/zero"],
  ])("refuses %s from mailcow's host, and writes nothing of it", async (_, script) => {
    await ready();
    await done(hosts.onProxy(step(heading, 1)));
    const before = hosts.proxy.everything("/etc");
    hosts.mail.write("/usr/local/sbin/mailcow-mail.example.org-give.sh", `#!/bin/sh\n${script}\n`, 0o755);
    expect((await hosts.onProxy(fetch)).status).toBe(1);
    expect(hosts.proxy.everything("/etc")).toEqual(before);
  });

  test("gives no file of root's through a link in mailcow's folder", async () => {
    await ready();
    hosts.mail.write("/etc/secret", issue(names).key, 0o600);
    hosts.mail.link(`${ssl}/key.pem`, "/etc/secret");
    hosts.mail.standIn("sleep", "");
    await refused(step(heading, 1), "is a link, which is not followed");
  });
});
