/** The recipes of docs/certificates.md for a proxy on another host, followed on two hosts with a real sshd between them. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { root } from "../support.ts";
import { issue, issueForAddress, type Pair } from "./world/certificate.ts";
import { type Host, lineage, mailcow, pem, ssl } from "./world/host.ts";
import { TwoHosts, mailAddress, proxyAddress, strangeAddress } from "./world/two-hosts.ts";

const page = readFileSync(join(root, "docs/certificates.md"), "utf8");
const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org", "imap.example.org"];
const webroot = "/var/www/acme";
const place = "/etc/ssl/mailcow-mail.example.org";
const restart = ["docker compose restart postfix-mailcow dovecot-mailcow nginx-mailcow", mailcow];
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

  test("takes no pair that OpenSSL does not serve", async () => {
    const weak = issue(names, { bits: 1024 });
    await ready();
    await done(hosts.onProxy(step(heading, 1)));
    const first = fetched();
    hosts.mail.write("/weak.pem", weak.certificate + weak.key);
    hosts.mail.write("/usr/local/sbin/mailcow-mail.example.org-give.sh", "#!/bin/sh\necho '== mail.example.org'; cat /weak.pem\n", 0o755);
    expect(await hosts.onProxy(fetch)).toEqual({ status: 1, said: expect.stringContaining("OpenSSL does not serve the certificate of mailcow's host") });
    expect(fetched()).toEqual(first);
  });

  test("keeps of an answer only the certificates that it asks for", async () => {
    await ready((description) => `${description}tls: { sni: true }\n`);
    await done(hosts.onProxy(step(heading, 1)));
    const { certificate, key: own } = hosts.mail.installed;
    hosts.mail.write("/pair.pem", certificate + own);
    const answer = "for name in mail.example.org example.org a b ../x; do echo \"== $name\"; cat /pair.pem; done";
    hosts.mail.write("/usr/local/sbin/mailcow-mail.example.org-give.sh", `#!/bin/sh\n${answer}\n`, 0o755);
    hosts.proxy.standIn("sha256sum", `ls /run/mailcow-mail.example.org-fetch+*/got >/names; exec /usr/bin/sha256sum "$@"`);
    await done(hosts.onProxy(fetch));
    expect(hosts.proxy.read("/names")).toBe("example.org.pem\nmail.example.org.pem\n");
  });

  test("leaves no key in /run when its connection breaks, nor what a killed run left", async () => {
    await ready();
    const left = "/run/mailcow-mail.example.org-give+";
    hosts.mail.write(`${left}killed/key.pem`, "");
    hosts.mail.write(`${left}running/key.pem`, "");
    expect((await hosts.onMail(`touch -d '2 hours ago' ${left}killed; { sleep 1; /usr/local/sbin/mailcow-mail.example.org-give.sh; } | true`)).status).toBe(0);
    expect(hosts.mail.names("/run").filter((name) => name.includes("-give+"))).toEqual(["mailcow-mail.example.org-give+running", "mailcow-mail.example.org-give+running/key.pem"]);
  });

  test("shows what mailcow's host says without control characters and without an end", async () => {
    await ready();
    await done(hosts.onProxy(step(heading, 1)));
    hosts.mail.write("/usr/local/sbin/mailcow-mail.example.org-give.sh", `#!/bin/sh\nprintf '\\033[2Jhello\\n' >&2; head -c 100000 /dev/zero >&2; exit 1\n`, 0o755);
    const { status, said } = await hosts.onProxy(fetch);
    expect(status).toBe(1);
    expect(said).toMatch(/^\?\[2Jhello\n[ -~\n]+$/);
    expect(said.length).toBeLessThan(5000);
  });

  test("gives no file of root's through a link in mailcow's folder", async () => {
    await ready();
    hosts.mail.write("/etc/secret", issue(names).key, 0o600);
    hosts.mail.link(`${ssl}/key.pem`, "/etc/secret");
    hosts.mail.standIn("sleep", "");
    await refused(step(heading, 1), "is a link, which is not followed");
  });
});

/** Pebble on the host that certbot runs on, whose DNS knows every name as the host that answers; and what stands for its server. */
async function beginPebble(at: "mail" | "proxy", answers: "mail" | "proxy" = "mail"): Promise<void> {
  const host = hosts[at];
  const api = issueForAddress("127.0.0.1");
  host.write("/api.pem", api.certificate);
  host.write("/api.key", api.key);
  const addresses = { listenAddress: "127.0.0.1:14000", managementListenAddress: "127.0.0.1:15000", httpPort: 80, tlsPort: 443 };
  host.write("/pebble.json", JSON.stringify({ pebble: { ...addresses, certificate: "/api.pem", privateKey: "/api.key" } }));
  const [address, folder] = answers === "mail" ? [mailAddress, `${mailcow}/data/web`] : [proxyAddress, webroot];
  hosts[answers].write(`${folder}/index.html`, "");
  hosts.begin(answers, `exec python3 -m http.server --directory ${folder} 80 >/web.log 2>&1`);
  hosts.begin(at, `exec pebble-challtestsrv -defaultIPv4 ${address} -defaultIPv6 "" -http01 "" -https01 "" -tlsalpn01 "" >/dns.log 2>&1`);
  hosts.begin(at, "exec pebble -config /pebble.json -dnsserver 127.0.0.1:8053 >/pebble.log 2>&1", { env: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" } });
  const until = (port: number) => `tries=0
    until python3 -c "import socket; socket.create_connection(('127.0.0.1', ${port}))" 2>/dev/null; do
        tries=$((tries + 1)); [ "$tries" -lt 1200 ] || exit 98; sleep 0.1
    done`;
  await done(answers === "mail" ? hosts.onMail(until(80)) : hosts.onProxy(until(80)));
  await done(at === "mail" ? hosts.onMail(until(14000)) : hosts.onProxy(until(14000)));
}

const trusting = { env: { REQUESTS_CA_BUNDLE: "/api.pem" } };

/** A block of the page, with this CA in its order. */
function order(heading: string, number: number): string {
  return step(heading, number).replaceAll(/issue\.sh(?: --dry-run)?$/gm, "$& --server https://127.0.0.1:14000/dir");
}

/** What certbot has on a host. */
function certbots(host: Host): Pair {
  return { certificate: host.read(host.target(`${lineage}/fullchain.pem`)), key: host.read(host.target(`${lineage}/privkey.pem`)) };
}

/** The calls but for the serial number of the certificate. */
function calls(host: Host): string[] {
  return host.calls().filter((line) => !line.startsWith("serial="));
}

describe("certbot on the proxy's host", () => {
  const heading = "certbot on the proxy's host";
  const hook = "/etc/letsencrypt/renewal-hooks/deploy/mailcow-mail.example.org-deploy.sh";
  const challenges = `${mailcow}/data/web/.well-known/acme-challenge`;
  const digest = "d".repeat(43);
  const ready = async () => {
    await begin(heading);
    hosts.mail.write(`${mailcow}/data/web/index.html`, "");
    await done(hosts.onMail(step(heading, 0)));
  };
  const ask = (command: string, before = "") => `${before}ssh ${key} root@${mailAddress} ${command}`;

  test("proves the names through mailcow's host, and both hosts have each certificate", async () => {
    await ready();
    await beginPebble("proxy");
    const ordered = await hosts.onProxy(order(heading, 1), trusting);
    expect(ordered, ordered.said).toMatchObject({ status: 0 });
    const first = certbots(hosts.proxy);
    expect(hosts.mail.installed).toEqual(first);
    expect([hosts.mail.mode(`${ssl}/cert.pem`), hosts.mail.mode(`${ssl}/key.pem`)]).toEqual(["0644", "0600"]);
    expect(calls(hosts.mail)).toEqual(restart);
    expect(hosts.proxy.read(pem)).toBe(first.certificate + first.key);
    expect(hosts.proxy.calls()).toEqual(expect.arrayContaining(nginx));
    expect(hosts.mail.names(challenges)).toEqual([]);

    const renewed = await hosts.onProxy("certbot renew --no-random-sleep-on-renew --force-renewal", trusting);
    expect(renewed, renewed.said).toMatchObject({ status: 0 });
    expect(certbots(hosts.proxy)).not.toEqual(first);
    expect(hosts.mail.installed).toEqual(certbots(hosts.proxy));
    expect(calls(hosts.mail)).toEqual(restart);
    hosts.proxy.calls();

    await done(hosts.onProxy(hook));
    expect([calls(hosts.mail), hosts.proxy.calls()]).toEqual([[], []]);
  });

  test("does the rest when it runs again, whichever host failed", async () => {
    await ready();
    hosts.proxy.write(hook, hosts.proxy.read("/root/out/certbot/mailcow-mail.example.org-deploy.sh"), 0o755);
    const pair = issue(names);
    hosts.proxy.certbot(pair, 1);
    hosts.mail.failing("docker");
    expect(await hosts.onProxy(hook)).toEqual({ status: 3, said: expect.stringMatching(/mailcow is not restarted.*mailcow's host has not taken the certificate/s) });
    expect(hosts.mail.installed).toEqual(pair);
    expect(hosts.proxy.calls()).toEqual(expect.arrayContaining(nginx));
    hosts.mail.failing("docker", false);
    hosts.mail.calls();
    await done(hosts.onProxy(hook));
    expect([calls(hosts.mail), hosts.proxy.calls()]).toEqual([restart, []]);

    hosts.proxy.certbot(issue(names), 2);
    hosts.proxy.failing("nginx");
    expect((await hosts.onProxy(hook)).status).toBe(3);
    expect(hosts.mail.installed).toEqual(certbots(hosts.proxy));
    hosts.proxy.failing("nginx", false);
    hosts.mail.calls();
    hosts.proxy.calls();
    await done(hosts.onProxy(hook));
    expect([calls(hosts.mail), hosts.proxy.calls()]).toEqual([[], expect.arrayContaining(nginx)]);
  });

  test("puts and removes the answer to a challenge, for mailcow's nginx to read", async () => {
    await ready();
    const answer = `tokentokentoken_-1.${digest}`;
    await done(hosts.onProxy(ask(`put ${answer}`)));
    expect(hosts.mail.everything(`${mailcow}/data/web/.well-known`)).toEqual(["acme-challenge 755 ", `acme-challenge/tokentokentoken_-1 644 ${answer}`]);
    await done(hosts.onProxy(ask("remove tokentokentoken_-1")));
    expect(hosts.mail.names(challenges)).toEqual([]);
  });

  test("can do nothing else with its key", async () => {
    await ready();
    hosts.mail.write(`${challenges}/tokentokentokentoken`, "a file");
    const refusal = "this key can only install a certificate, and put or remove the answer to an ACME challenge";
    for (const command of ["", "id", "/bin/sh", "installed", "install /etc/passwd", "put", "remove", "putting x"]) await refused(ask(command, "echo | "), refusal);
    const long = "t".repeat(129);
    for (const answer of ["x", `token.${digest}`, `../../../../etc/cron.d/x.${digest}`, `tokentokentokentoken.${digest}x`, `a.tokentokentokentoken.${digest}`, `tokentokentokentoken.${digest} more`, `"'tokentokentoken
token.${digest}'"`, `${long}.${digest}`, digest, `.${digest}`]) {
      await refused(ask(`put ${answer}`), "this is not the answer to an ACME challenge");
    }
    for (const name of ["../index.html", ".", "..", "'*'", "tokentoken/tokentoken", long, "'tokentokentokentoken index.html'"]) await refused(ask(`remove ${name}`), "this is not the name of an answer");
    await refused(`ssh ${key} -s root@${mailAddress} sftp`, "subsystem request failed", 255);
    await refused(`ssh ${key} -b ${strangeAddress} root@${mailAddress} install`, "Permission denied", 255);
    await refused(`ssh-keygen -q -t ed25519 -N '' -f /root/stranger && ssh -i /root/stranger -o IdentitiesOnly=yes -o BatchMode=yes root@${mailAddress} install`, "Permission denied", 255);
  });

  test("installs no certificate that is wrong, damaged or too large", async () => {
    await ready();
    const [good, other] = [issue(names), issue(names)];
    const sent: readonly [string, string][] = [
      ["", "is not a whole chain"],
      ["hello\n", "is not a whole chain"],
      [good.certificate.slice(0, -200) + good.key, "is not a whole chain"],
      [good.certificate, "does not belong to its certificate"],
      [good.certificate + other.key, "does not belong to its certificate"],
      [Object.values(issue(names, { days: -1 })).join(""), "has expired"],
      [Object.values(issue(["mail.example.net"])).join(""), "is not for mail.example.org"],
      [Object.values(issue(names, { bits: 1024 })).join(""), "OpenSSL does not serve the certificate"],
      ["x".repeat(2_097_153), "is larger than 2 MiB"],
    ];
    for (const [content, said] of sent) {
      hosts.proxy.write("/sent.pem", content);
      await refused(ask("install </sent.pem"), said);
    }
    await refused(ask("install </dev/zero"), "is larger than 2 MiB");
    hosts.proxy.write("/sent.pem", good.certificate + good.key);
    await done(hosts.onProxy(ask("install </sent.pem")));
    expect(hosts.mail.installed).toEqual(good);
  });

  test("installs a certificate to the end when the connection breaks", async () => {
    await ready();
    const good = issue(names);
    hosts.mail.write("/sent.pem", good.certificate + good.key);
    hosts.mail.link(`${ssl}/key.pem`, "/etc/victim");
    hosts.mail.standIn("docker", `echo Restarting >&2 || exit 1; echo "docker $*" >>/log`);
    const receive = "/usr/local/sbin/mailcow-mail.example.org-receive.sh";
    await done(hosts.onMail(`{ sleep 1; SSH_ORIGINAL_COMMAND=install ${receive} </sent.pem; echo $? >/status; } 2>&1 | true`));
    expect(hosts.mail.read("/status")).toBe("0\n");
    expect(hosts.mail.installed).toEqual(good);
    expect(hosts.mail.calls()).toEqual(restart.slice(0, 1));
  });

  test("follows no link that a container puts in the place of mailcow's folders and files", async () => {
    await ready();
    hosts.mail.write("/etc/victim", "root's own\n");
    const before = hosts.mail.everything("/etc");
    const put = ask(`put tokentokentokentoken.${digest}`);
    const link = (path: string, to: string) => {
      hosts.mail.remove(path);
      hosts.mail.link(path, to);
    };
    link(`${mailcow}/data/web/.well-known`, "/etc");
    await refused(put, "/data/web/.well-known is a link, which is not followed", 2);
    hosts.mail.remove(`${mailcow}/data/web/.well-known`);
    link(challenges, "/etc");
    await refused(put, "/acme-challenge is a link, which is not followed", 2);
    await refused(ask("remove tokentokentokentoken"), "/acme-challenge is a link, which is not followed", 2);
    hosts.mail.remove(challenges);
    link(`${challenges}/tokentokentokentoken`, "/etc/victim");
    await done(hosts.onProxy(put));
    expect(hosts.mail.everything(challenges)).toEqual([`tokentokentokentoken 644 tokentokentokentoken.${digest}`]);
    link(`${ssl}/key.pem`, "/etc/victim");
    const good = issue(names);
    hosts.proxy.write("/sent.pem", good.certificate + good.key);
    expect(await hosts.onProxy(ask("install </sent.pem"))).toEqual({ status: 0, said: expect.stringContaining("key.pem is a link, which is not followed; it is replaced") });
    expect(hosts.mail.installed).toEqual(good);
    expect(hosts.mail.everything("/etc")).toEqual(before);
    expect(calls(hosts.mail)).toEqual(restart);
    hosts.mail.chmod(`${mailcow}/data`, 0o777);
    await refused(put, "others than root can change", 2);
    hosts.mail.chmod(`${mailcow}/data`, 0o755);
  });
});

describe("certbot on the proxy's host, beside acme-mailcow", () => {
  const heading = "certbot beside acme-mailcow";
  const hook = "/etc/letsencrypt/renewal-hooks/deploy/mailcow-mail.example.org-deploy.sh";
  const served = names.filter((name) => !name.startsWith("imap."));
  const certified = () => (new X509Certificate(certbots(hosts.proxy).certificate).subjectAltName ?? "").split(", ").toSorted();

  test("proves the names through mailcow's host, which can do nothing else for it and keeps its certificate", async () => {
    await begin(heading);
    await done(hosts.onMail(step(heading, 0)));
    await beginPebble("proxy");
    const first = hosts.mail.installed;
    const ordered = await hosts.onProxy(order(heading, 1), trusting);
    expect(ordered, ordered.said).toMatchObject({ status: 0 });
    expect(certified()).toEqual(served.map((name) => `DNS:${name}`).toSorted());
    expect([hosts.mail.installed, hosts.mail.calls()]).toEqual([first, []]);
    expect(hosts.mail.names(`${mailcow}/data/web/.well-known/acme-challenge`)).toEqual([]);
    expect(hosts.proxy.read(pem)).toBe(certbots(hosts.proxy).certificate + certbots(hosts.proxy).key);
    expect(hosts.proxy.calls()).toEqual(expect.arrayContaining(nginx));

    for (const command of ["", "id", "install", "put", "remove", "putting x"]) await refused(`echo | ssh ${key} root@${mailAddress} ${command}`, "this key can only put or remove the answer to an ACME challenge");
    await refused(`ssh ${key} root@${mailAddress} put ../../../../etc/cron.d/x.${"d".repeat(43)}`, "this is not the answer to an ACME challenge");
    await refused(`ssh ${key} root@${mailAddress} remove ../index.html`, "this is not the name of an answer");
  });

  test("proves them itself with acme_webroot, and needs nothing of mailcow's host", async () => {
    await begin(heading, (description) => description.replace("email:", `acme_webroot: ${webroot}, email:`));
    await beginPebble("proxy", "proxy");
    const before = hosts.mail.everything("/opt");
    hosts.proxy.remove("/root/.ssh/mailcow-mail.example.org");
    const ordered = await hosts.onProxy(order(heading, 1), trusting);
    expect(ordered, ordered.said).toMatchObject({ status: 0 });
    expect(certified()).toEqual(served.map((name) => `DNS:${name}`).toSorted());
    const renewed = await hosts.onProxy("certbot renew --no-random-sleep-on-renew --force-renewal", trusting);
    expect(renewed, renewed.said).toMatchObject({ status: 0 });
    expect(hosts.proxy.read(pem)).toBe(certbots(hosts.proxy).certificate + certbots(hosts.proxy).key);
    hosts.proxy.calls();
    await done(hosts.onProxy(hook));
    expect(hosts.proxy.calls()).toEqual([]);
    expect([hosts.mail.everything("/opt"), hosts.mail.calls()]).toEqual([before, []]);
  });
});

test("certbot on the proxy's host proves the names with acme_webroot, and sends the certificate", async () => {
  const heading = "certbot on the proxy's host";
  await begin(heading, (description) => description.replace("email:", `acme_webroot: ${webroot}, email:`));
  await done(hosts.onMail(step(heading, 0)));
  await beginPebble("proxy", "proxy");
  const ordered = await hosts.onProxy(order(heading, 1), trusting);
  expect(ordered, ordered.said).toMatchObject({ status: 0 });
  expect(hosts.mail.installed).toEqual(certbots(hosts.proxy));
  expect(calls(hosts.mail)).toEqual(restart);
  await refused(`ssh ${key} root@${mailAddress} put tokentokentokentoken.${"d".repeat(43)}`, "this key can only install a certificate");
});

test("certbot on mailcow's host gives both hosts the certificate", async () => {
  const heading = "certbot on mailcow's host";
  await begin(heading);
  await beginPebble("mail");
  const ordered = await hosts.onMail(order(heading, 0), trusting);
  expect(ordered, ordered.said).toMatchObject({ status: 0 });
  expect(calls(hosts.mail)).toEqual(restart);
  await done(hosts.onMail(step("The proxy fetches mailcow's certificate", 0)));
  await done(hosts.onProxy(step("The proxy fetches mailcow's certificate", 1)));
  expect(hosts.mail.installed).toEqual(certbots(hosts.mail));
  expect(fetched()).toEqual(certbots(hosts.mail));
  expect(hosts.proxy.calls()).toEqual(expect.arrayContaining(nginx));
});

test("files on the proxy's host are sent to mailcow, and each change of them", async () => {
  const heading = "Files on the proxy's host";
  const send = "/usr/local/sbin/mailcow-mail.example.org-send.sh";
  await begin(heading);
  const put = ({ certificate, key: own }: Pair) => {
    hosts.proxy.write("/etc/ssl/mail.example.org/fullchain.pem", certificate);
    hosts.proxy.write("/etc/ssl/mail.example.org/privkey.pem", own, 0o600);
  };
  const [first, second] = [issue(names), issue(names)];
  put(first);
  await done(hosts.onMail(step(heading, 0)));
  await done(hosts.onProxy(step(heading, 1)));
  expect(hosts.mail.installed).toEqual(first);
  expect(calls(hosts.mail)).toEqual(restart);
  expect(hosts.proxy.calls()).toEqual(expect.arrayContaining([...nginx, "systemctl enable --now mailcow-mail.example.org-send.path"]));
  await done(hosts.onProxy(send));
  expect([calls(hosts.mail), hosts.proxy.calls()]).toEqual([[], []]);
  put(second);
  await done(hosts.onProxy(send));
  expect(hosts.mail.installed).toEqual(second);
  expect(hosts.proxy.read(pem)).toBe(second.certificate + second.key);
  put({ certificate: first.certificate, key: second.key });
  hosts.proxy.standIn("sleep", "");
  hosts.mail.calls();
  hosts.proxy.calls();
  await refused(send, "is not the key of");
  expect(hosts.proxy.calls()).toEqual([]);
  await refused(`ssh ${key} root@${mailAddress} put tokentokentokentoken.${"d".repeat(43)}`, "this key can only install a certificate");
});
