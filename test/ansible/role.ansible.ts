/** The example's playbook as it stands, on machines with real servers, from the first run on. */
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issue, type Pair } from "../scripts/world/certificate.ts";
import type { Inventory, Play } from "./world/controller.ts";
import { conf, Fleet, freshConf, type Hostname, type Name, names, sites } from "./world/fleet.ts";

/** The passwords and keys of mailcow.conf. */
const secrets = [...freshConf.matchAll(/=(the-[a-z-]+)$/gm)].map(([, secret = ""]) => secret);

let fleet: Fleet;
let inventory: Inventory;
beforeAll(async () => {
  fleet = await Fleet.start();
  inventory = fleet.controller.inventory();
});
afterAll(() => fleet.stop());

/** The hosts on which something was changed. */
function changed({ recap }: Play): string[] {
  return names.filter((name) => (recap[name]?.["changed"] ?? 0) > 0);
}

/** The hosts on which something failed. */
function failed({ recap }: Play): string[] {
  return names.filter((name) => (recap[name]?.["failed"] ?? 0) > 0);
}

/** Runs the playbook once with other variables for some hosts. */
async function playWith(variables: Inventory, ...options: readonly string[]): Promise<Play> {
  const changed = Object.entries(variables).map(([name, own]) => [name, { ...inventory[name], ...own }]);
  fleet.controller.setInventory({ ...inventory, ...Object.fromEntries(changed) });
  try {
    return await fleet.controller.play(...options);
  } finally {
    fleet.controller.setInventory(inventory);
  }
}

function onOf(hostname: Hostname): Name {
  return sites.find((site) => site.hostname === hostname)?.on ?? "mail.example.org";
}

function serialOf({ certificate }: Pair): string {
  return `serial=${new X509Certificate(certificate).serialNumber}`;
}

/** What each site answers, and with which certificate. */
function answers(): unknown[] {
  return sites.map(({ hostname, on }) => ({ hostname, ...fleet.machine(on).ask(hostname) }));
}

function expectToServe(): void {
  expect(answers()).toEqual(sites.map(({ hostname, mailcow }) => ({ hostname, status: 200, body: `mailcow at ${mailcow}\n`, serial: expect.stringMatching(/^serial=/) })));
}

/** What every refused run has to leave as it was. */
function state() {
  return { layers: fleet.layers(), generations: fleet.generations(), answers: answers() };
}

test("there are secrets that nothing may tell", () => expect(secrets.length).toBeGreaterThan(5));

test("--check --diff shows what would change, and changes nothing", async () => {
  const before = fleet.layers();
  const play = await fleet.controller.play("--check", "--diff");
  expect(play).toMatchObject({ status: 0 });
  expect(changed(play)).toEqual(names);
  for (const { hostname, server } of sites.slice(0, 2)) expect(play.said).toContain(`+++ after: /etc/${server}/sites-available/mailcow-${hostname}.conf`);
  expect(play.said).toContain("+EXTRAOPTS=\"-S /run/haproxy-master.sock -f /etc/haproxy/conf.d\"");
  expect(play.said).toContain("+link to ../mods-available/proxy_http.load");
  expect(play.said).toContain("-HTTP_REDIRECT=y\n+HTTP_REDIRECT=n");
  expect(fleet.layers()).toEqual(before);
  expect(fleet.calls()).toEqual([]);
});

describe("the first run", () => {
  let play: Play;
  beforeAll(async () => {
    play = await fleet.controller.play("--diff", "-vvv");
  });

  test("ends well", () => {
    expect(play.status, play.said).toBe(0);
    expect(changed(play)).toEqual(names);
  });

  test("has every site served", () => {
    expectToServe();
    for (const { hostname, on } of sites) expect(fleet.machine(on).ask(hostname, "http").status).toBe(301);
  });

  test("sets the values of mailcow.conf and keeps all else of it", () => {
    const machine = fleet.machine("mail.example.org");
    const wanted = freshConf.replace("HTTP_PORT=80", "HTTP_PORT=8080").replace("HTTP_BIND=", "HTTP_BIND=127.0.0.1")
      .replace("HTTPS_PORT=443", "HTTPS_PORT=8443").replace("HTTPS_BIND=", "HTTPS_BIND=127.0.0.1").replace("HTTP_REDIRECT=y", "HTTP_REDIRECT=n");
    expect(machine.read(conf)).toBe(wanted);
    expect(machine.mode(conf)).toBe("0600");
    const backups = machine.list("/opt/mailcow-dockerized").filter((name) => name.startsWith("mailcow.conf."));
    expect(backups).toEqual([expect.stringMatching(/~$/)]);
    expect(machine.read(`/opt/mailcow-dockerized/${backups[0]}`)).toBe(freshConf);
    expect(machine.mode(`/opt/mailcow-dockerized/${backups[0]}`)).toBe("0600");
  });

  test("tells no secret, with -vvv and --diff", () => {
    expect(play.said).toContain("-HTTP_REDIRECT=y\n+HTTP_REDIRECT=n");
    expect(secrets.filter((secret) => play.said.includes(secret))).toEqual([]);
    // Scripts have the words, with a pattern in the place of the dashes after them.
    expect(play.said).not.toContain("PRIVATE KEY-----");
  });

  test("has mailcow take up its values, and the units installed that keep the certificate", () => {
    expect(fleet.calls()).toEqual([
      "mail.example.org: docker compose up -d, in /opt/mailcow-dockerized",
      "mail.example.org: systemctl daemon-reload",
      "mail.example.org: systemctl enable --now mailcow-mail.example.org-reload.path",
      "mail.example.org: systemctl start mailcow-mail.example.org-reload.service",
      "mail.example.net: docker compose up -d, in /opt/mailcow-dockerized",
      ...["mail1", "mail2"].flatMap((name) => ["daemon-reload", `enable --now mailcow-${name}.example.com-send.path`, `start mailcow-${name}.example.com-send.service`].map((command) => `proxy.example.com: systemctl ${command}`)),
      ...["mail1", "mail2"].map((name) => `${name}.example.com: docker compose up -d, in /opt/mailcow-dockerized`),
    ]);
  });

  test("leaves certificate and key for HAProxy to root alone, and nothing behind", () => {
    const machine = fleet.machine("proxy.example.com");
    expect(machine.mode("/etc/haproxy/mailcow-mail1.example.com.pem")).toBe("0600");
    expect(machine.list("/etc/haproxy")).toEqual(["conf.d", "errors", "haproxy.cfg", "mailcow-mail1.example.com.pem", "mailcow-mail2.example.com.pem", "mailcow.crt-list"]);
    for (const name of names) expect(fleet.machine(name).list("/run/ansible")).toEqual([]);
  });
});

test("the second run changes nothing", async () => {
  const before = state();
  const play = await fleet.controller.play();
  expect(play).toMatchObject({ status: 0 });
  expect(changed(play)).toEqual([]);
  expect(state()).toEqual(before);
  expect(fleet.calls()).toEqual([]);
});

test("mistakes in descriptions are all told, with their places and remedies, and nothing is touched", async () => {
  const before = state();
  fleet.controller.write("descriptions/mistaken.yaml", "hostname: mail.example.net\nmailcow:\n  http: { port: 8081 }\n");
  const play = await playWith({
    "mail.example.org": { mailcow_proxy_descriptions: [{ hostname: "mail.example.org", mailcow: { https: { port: "127.0.0.1" } } }] },
    "mail.example.net": { mailcow_proxy_descriptions: ["descriptions/mistaken.yaml"] },
  });
  expect(play.status).not.toBe(0);
  // The task that runs once fails for its host, and ends the play for all.
  expect(failed(play)).toEqual(["mail.example.org"]);
  const lines = play.said.split("\n").map((line) => line.trim());
  expect(lines).toContain('"descriptions/mistaken.yaml:3:17: error: mailcow\'s nginx already uses port 8081 inside its container: Rspamd fetches its maps there [port-reserved]",');
  expect(lines).toContain('"   help: use another port, e.g. 8080",');
  expect(lines).toContain('"mailcow_proxy_descriptions[0] of mail.example.org:5:15: error: 127.0.0.1 is an address, but this key takes only a port [port-address]",');
  expect(lines).toContain('" 5 |       \\"port\\": \\"127.0.0.1\\"",');
  expect(state()).toEqual(before);
});

describe("a server that refuses", () => {
  // The check of each server finds that certificate and key do not belong together; Apache's start does.
  test.each([
    { hostname: "mail.example.org", target: "nginx", says: /key values mismatch/, variables: { "mail.example.org": { mailcow_proxy_descriptions: [{ hostname: "mail.example.org", mail_domains: ["example.org", "example.com"] }] } } },
    { hostname: "mail.example.net", target: "apache", says: /Apache does not start with the new sites/, variables: {} },
    { hostname: "mail1.example.com", target: "haproxy", says: /inconsistencies between private key and certificate/, variables: {} },
  ] as const)("$target keeps its files, and what it had before is served", async ({ hostname, target, says, variables }) => {
    const on = onOf(hostname);
    const [good, other] = [issue([hostname]), issue([hostname])];
    fleet.certify(hostname, good);
    await fleet.controller.play("--limit", on);
    fleet.certify(hostname, { certificate: other.certificate, key: good.key });
    const before = state();
    const play = await playWith(variables);
    expect(failed(play)).toEqual([on]);
    expect(changed(play)).toEqual([]);
    expect(play.said).toContain(`"msg": "${target} refuses its files, and nothing was changed"`);
    expect(play.said).toMatch(says);
    expect(play.said).not.toContain("/run/ansible");
    expect(state()).toEqual(before);
    fleet.certify(hostname, good);
  });

  test("for another site's sake says so", async () => {
    const machine = fleet.machine("mail.example.org");
    machine.write("/etc/nginx/sites-enabled/other", "server { listen 80; server_name other.example.org; nonsense on; }\n");
    const before = machine.layer();
    const play = await playWith({ "mail.example.org": { mailcow_proxy_descriptions: [{ hostname: "mail.example.org" }] } }, "--limit", "mail.example.org");
    expect(failed(play)).toEqual(["mail.example.org"]);
    expect(play.said).toContain('unknown directive \\"nonsense\\" in /etc/nginx/sites-enabled/other:1');
    expect(machine.layer()).toEqual(before);
    machine.remove("/etc/nginx/sites-enabled/other");
  });
});

describe("renewed certificates", () => {
  test.each([[["mail.example.org", "mail1.example.com"]], [["mail.example.net"]]] as const)("of %s reload their servers, and nothing else", async (hostnames) => {
    const before = fleet.generations();
    const renewed = hostnames.map((hostname) => ({ hostname, pair: issue([hostname]), on: onOf(hostname) }));
    for (const { hostname, pair } of renewed) fleet.certify(hostname, pair);
    const play = await fleet.controller.play();
    const on = renewed.map((one) => one.on);
    expect(changed(play)).toEqual(on);
    expect(Object.entries(fleet.generations()).filter(([name, generation]) => generation !== before[name]).map(([name]) => name)).toEqual(on);
    for (const one of renewed) expect(fleet.machine(one.on).ask(one.hostname).serial).toBe(serialOf(one.pair));
  });

  test("are taken up once", async () => expect(changed(await fleet.controller.play())).toEqual([]));
});
