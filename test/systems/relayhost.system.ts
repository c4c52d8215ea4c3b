/** Postfix with mailcow's values and the relayhost's, and a second Postfix that wants TLS and a login. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { mergeMainCf } from "../../src/core/main-cf/merge.ts";
import { readMainCf } from "../../src/core/main-cf/parameters.ts";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { sha256 } from "../../src/core/output/sha256.ts";
import { checker } from "../../src/pipeline/check.ts";
import { renderAll } from "../../src/pipeline/render.ts";
import { relayhost } from "../../src/targets/relayhost/index.ts";
import { attempt, run } from "../wire/world/command.ts";
import { makeAuthority } from "../wire/world/certificate.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";
import { place } from "./world/output.ts";
import { type Postfix, age, checkMainCf, startLogins, startPostfix, writeAged } from "./world/postfix.ts";

const address = "192.0.2.80";
const password = "pass #1: word";
const login = `mail@example.org ${password}`;
const loginsPort = 10_001;
const passwords = "/opt/postfix/conf/sql/relayhost_passwd";

const yaml = (settings: string) => `hostname: mail.example.org\nrelayhost: { host: relay.example.net, ${settings} }\ntargets: [relayhost]\n`;
const withLogin = "username: mail@example.org, password_file: /root/relayhost-password";

function siteOf(settings: string) {
  const { site, diagnostics } = checker()({ source: yaml(settings), file: "-" });
  if (site === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return site;
}

/** What merge makes of an extra.cf. */
function mergedCf(settings: string, before = ""): string {
  const site = siteOf(settings);
  const { text, problems } = mergeMainCf(readMainCf(before), site.hostname, [{ target: "relayhost", values: relayhost.merges(site)["data/conf/postfix/extra.cf"] ?? [] }]);
  expect(problems).toEqual([]);
  return text;
}

function credentials(settings: string, secret = password): OutputFile[] {
  return renderAll([{ site: siteOf(settings), targets: ["relayhost"] }], { sha256, secrets: () => secret });
}

/** What each start of mailcow's postfix.sh does with the file. */
const start = `
MAILCOW_HOSTNAME=mail.example.org
touch /opt/postfix/conf/extra.cf
sed -i '/\\$myhostname/! { /myhostname/d }' /opt/postfix/conf/extra.cf
echo -e "myhostname = \${MAILCOW_HOSTNAME}\\n$(cat /opt/postfix/conf/extra.cf)" > /opt/postfix/conf/extra.cf
`;

/** mailcow's main.cf as far as it sends mail. Its tables in MySQL and of postfix-tlspol are empty ones here. */
const mailcows = `
relayhost =
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = proxy:mysql:/opt/postfix/conf/sql/mysql_sasl_passwd_maps_sender_dependent.cf
smtp_sasl_security_options =
smtp_sasl_mechanism_filter = plain, login
smtp_tls_CAfile = ${scratch}/trusted.pem
smtp_tls_security_level = may
smtp_tls_loglevel = 1
smtp_host_lookup = native
smtp_tls_policy_maps = proxy:mysql:/opt/postfix/conf/sql/mysql_tls_policy_override_maps.cf socketmap:inet:postfix-tlspol:8642:QUERY
`;

const withoutDatabase = (mainCf: string) => mainCf.replaceAll(/proxy:mysql:\S+?\.cf|socketmap:inet:postfix-tlspol:8642:QUERY/g, `texthash:${scratch}/empty`);

/** Ports of the second Postfix: with TLS, without it, and with a certificate for another name. */
const ports = { tls: 587, plain: 588, otherName: 589 } as const;

/** It sends nothing on. */
const relayCf = `
myhostname = relay.example.net
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = ${scratch}/right.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${loginsPort}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
default_transport = discard:
`;

let mailcow: Postfix | undefined;
let relay: Postfix;
let logins: Awaited<ReturnType<typeof startLogins>>;

beforeAll(async () => {
  freshFilesystem();
  const authority = makeAuthority();
  writeFileSync(`${scratch}/trusted.pem`, authority.certificate);
  writeAged(`${scratch}/empty`, "");
  for (const [name, host] of [["right", "relay.example.net"], ["wrong", "other.example.net"]] as const) {
    const { certificate, key } = authority.issue([host], "ecdsa");
    writeFileSync(`${scratch}/${name}.pem`, key + certificate);
  }
  appendFileSync("/etc/hosts", `${address} relay.example.net\n`);
  mkdirSync("/opt/postfix/conf/sql", { recursive: true });
  for (const file of credentials(`port: ${ports.tls}, ${withLogin}`)) place({ ...file, installPath: passwords });
  // The same login on each port.
  appendFileSync(passwords, [ports.plain, ports.otherName].map((port) => `[relay.example.net]:${port} mail@example.org:${password}\n`).join(""));
  age(passwords);
  logins = await startLogins(loginsPort, login);
  relay = await startPostfix("relay", relayCf, {
    [`${address}:${ports.tls}`]: [],
    [`${address}:${ports.plain}`]: ["smtpd_tls_security_level=none"],
    [`${address}:${ports.otherName}`]: [`smtpd_tls_chain_files=${scratch}/wrong.pem`],
  });
});

afterEach(async () => {
  await mailcow?.stop();
  mailcow = undefined;
  logins.tried.length = 0;
});

afterAll(async () => {
  await relay.stop();
  logins.stop();
});

/** Starts the first Postfix with mailcow's main.cf and what its start appends, and sends a mail. */
async function sent(extraCf: string): Promise<string> {
  writeFileSync("/opt/postfix/conf/extra.cf", extraCf);
  mailcow = await startPostfix("mailcow", withoutDatabase(mailcows + extraCf));
  mailcow.send("alice@example.org", "bob@example.com");
  return mailcow.delivery("bob@example.com");
}

describe("extra.cf", () => {
  test.each(["", "# ours\nmessage_size_limit = 1000\nsmtp_helo_name = $myhostname\n", "message_size_limit = 1000"])("with %j before is valid, and a start of mailcow's Postfix does not change it", (before) => {
    const merged = mergedCf(withLogin, before);
    const { status, text } = checkMainCf(merged);
    expect(text).not.toMatch(/unused parameter|overriding earlier entry|fatal|error/);
    expect(status).toBe(0);
    writeFileSync("/opt/postfix/conf/extra.cf", merged);
    run("bash", "-c", start);
    expect(readFileSync("/opt/postfix/conf/extra.cf", "utf8")).toBe(merged);
  });

  test("as generated is not changed either", () => {
    const [file] = renderAll([{ site: siteOf(withLogin), targets: ["relayhost"] }], { sha256 });
    writeFileSync("/opt/postfix/conf/extra.cf", file?.content ?? "");
    run("bash", "-c", start);
    expect(readFileSync("/opt/postfix/conf/extra.cf", "utf8")).toBe(file?.content);
  });

  test("keeps mailcow's own tables", () => {
    const { parameters } = readMainCf(mailcows);
    const valueOf = (name: string) => parameters.find((parameter) => parameter.name === name)?.value.split(/[\s,]+/) ?? [];
    for (const name of ["smtp_sasl_password_maps", "smtp_tls_policy_maps"]) for (const table of valueOf(name)) expect(mergedCf(withLogin)).toContain(table);
  });
});

describe("the login", () => {
  test("is in a file that only root reads, and Postfix finds it", () => {
    expect(run("stat", "-c", "%a %U", passwords).trim()).toBe("600 root");
    expect(run("postmap", "-q", "[relay.example.net]:587", `texthash:${passwords}`).trim()).toBe(`mail@example.org:${password}`);
    expect(attempt("setpriv", "--reuid=nobody", "--clear-groups", "cat", passwords).status).not.toBe(0);
  });

  test("may have any character", () => {
    const odd = ["a:b", "#first", "x # y", '"quoted"', "back\\slash\\", "two  spaces", "é", "{braces}", "$variable ${x}", "a,b;c=d", "-", "%s"];
    writeAged(`${scratch}/odd`, odd.map((secret, index) => credentials(`port: ${1000 + index}, ${withLogin}`, secret)[0]?.content).join(""));
    expect(run("postmap", "-s", `texthash:${scratch}/odd`).split("\n").toSorted()).toEqual(["", ...odd.map((secret, index) => `[relay.example.net]:${1000 + index}\tmail@example.org:${secret}`)]);
  });

  test("is used over verified TLS", async () => {
    expect(await sent(mergedCf(withLogin))).toMatch(/relay=relay\.example\.net\[192\.0\.2\.80\]:587, .*status=sent \(250 2\.0\.0 Ok/);
    expect(mailcow?.log).toContain("Verified TLS connection established to relay.example.net[192.0.2.80]:587");
    expect(relay.log).toMatch(/sasl_method=PLAIN, sasl_username=mail@example\.org/);
    expect(logins.tried).toEqual([login]);
  });
});

describe("mail waits, and the password is not sent,", () => {
  test("if TLS is not offered", async () => {
    expect(await sent(mergedCf(`port: ${ports.plain}, tls: encrypt, ${withLogin}`))).toMatch(/status=deferred \(TLS is required, but was not offered/);
    expect(logins.tried).toEqual([]);
  });

  test("if the certificate is for another name", async () => {
    expect(await sent(mergedCf(`port: ${ports.otherName}, ${withLogin}`))).toMatch(/status=deferred \(Server certificate not verified/);
    expect(logins.tried).toEqual([]);
  });
});

test("the guide's lines send the password in clear, where TLS is not offered", async () => {
  const guides = `myhostname = mail.example.org\nrelayhost = [relay.example.net]:${ports.plain}\nsmtp_sasl_password_maps = texthash:${passwords}\nsmtp_sasl_auth_enable = yes\n`;
  expect(await sent(guides)).toContain("status=sent");
  expect(logins.tried).toEqual([login]);
});

test("with tls: encrypt, the certificate may be for another name", async () => {
  expect(await sent(mergedCf(`port: ${ports.otherName}, tls: encrypt, ${withLogin}`))).toContain("status=sent");
  expect(logins.tried).toEqual([login]);
});
