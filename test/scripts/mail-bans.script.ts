/** The script of the target mail-bans: a list of mailcow's, a real nft, and clients that are dropped or not. */
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { issue } from "./world/certificate.ts";
import { MailNetwork, addresses } from "./world/mail-network.ts";

const id = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const script = "/usr/local/sbin/mailcow-mail.example.org-mail-bans.sh";
const table = ["inet", "mailcow_bans_mail_example_org"] as const;
const state = "/var/lib/mailcow-mail.example.org-mail-bans";

function description(listen: readonly string[], upstream = "{ address: 10.13.13.2 }"): string {
  return `hostname: mail.example.org
mail_domains: [example.org]
mailcow:
  http: { bind: 10.13.13.2, port: 8080 }
  https: { bind: 10.13.13.2, port: 8443 }
proxy: { upstream: ${upstream}, addresses: [10.13.13.1] }
mail:
  ports: [25, 993]
  listen: ${JSON.stringify(listen)}
  banlist: https://mail.example.org/f2b-banlist?id=${id}
targets: [mail-bans]
`;
}

const named = description([addresses.public4, addresses.public6]);

let network: MailNetwork;
afterEach(() => network.end());

async function begin(body: string, text = named): Promise<void> {
  network = await MailNetwork.begin(text);
  network.answer({ body });
  await network.serve();
}

const done = { status: 0, said: "" };
/** What a run says that changes nothing. */
const refused = (said: string, status = 1) => ({ status, said: expect.stringContaining(said) });

test("a banned client cannot reach the mail ports, and nothing else is closed to anybody", async () => {
  await begin("203.0.113.7/32\n2001:db8:200::7/128\n192.0.2.0/24\n2001:db8:300::/48\n192.0.2.9");
  expect(await network.run(script)).toEqual(done);
  expect(network.asked()).toEqual([`mail.example.org/f2b-banlist?id=${id}`]);
  for (const [from, to, port, outcome] of [
    ["203.0.113.7", addresses.public4, 25, "dropped"],
    ["203.0.113.7", addresses.public4, 993, "dropped"],
    ["192.0.2.9", addresses.public4, 25, "dropped"],
    ["2001:db8:200::7", addresses.public6, 25, "dropped"],
    ["2001:db8:300::9", addresses.public6, 993, "dropped"],
    ["203.0.113.8", addresses.public4, 25, "open"],
    ["2001:db8:200::8", addresses.public6, 25, "open"],
    // The web interface, and an address that is not mailcow's.
    ["203.0.113.7", addresses.public4, 443, "open"],
    ["203.0.113.7", addresses.other4, 25, "open"],
  ] as const) expect({ from, to, port, outcome: await network.connect(from, to, port) }).toEqual({ from, to, port, outcome });

  network.answer({ body: "" });
  expect(await network.run(script)).toEqual(done);
  expect(await network.connect("203.0.113.7", addresses.public4, 25)).toBe("open");
});

test("all addresses of the host are closed if the proxy listens on all of them", async () => {
  await begin("203.0.113.7\n2001:db8:200::7", description(["0.0.0.0", "::"]));
  expect(await network.run(script)).toEqual(done);
  expect(await network.connect("203.0.113.7", addresses.other4, 25)).toBe("dropped");
  expect(await network.connect("2001:db8:200::7", addresses.public6, 25)).toBe("dropped");
  expect(await network.connect("203.0.113.8", addresses.other4, 25)).toBe("open");
});

test("mailcow and the proxy are never banned, and no network of half the world", async () => {
  await begin("10.0.0.0/8\n127.0.0.0/8\n198.51.100.0/24\n0.0.0.0/0\n128.0.0.0/1\n::/0\n2001::/15\n203.0.113.8");
  expect(await network.run(script)).toEqual({ status: 0, said: "mailcow-mail.example.org-mail-bans: warning: these networks are too wide to be banned: 0.0.0.0/0 128.0.0.0/1 ::/0 2001::/15 \n" });
  expect(await network.connect(addresses.mailcow, addresses.public4, 25)).toBe("open");
  expect(await network.connect("203.0.113.7", addresses.public4, 25)).toBe("open");
  expect(await network.connect("2001:db8:200::7", addresses.public6, 25)).toBe("open");
  expect(await network.connect("203.0.113.8", addresses.public4, 25)).toBe("dropped");
  // The host itself.
  const local = await network.run("sh", "-c", `exec 3<>/dev/null; curl -s --max-time 2 telnet://${addresses.public4}:25 </dev/null >/answer; [ "$(cat /answer)" = 220 ]`);
  expect(local.status).toBe(0);
});

/** What would be a command, an address in another language, or none that nftables takes. */
const hostile = [
  "203.0.113.8; drop", "203.0.113.8 }\nflush ruleset\n", "$(touch /owned)", "`touch /owned`", "203.0.113.8\r\n", "203.0.113.8\0", "203.0.113.8 ", "203.0.113", "203.0.113.256",
  "203.0.113.08", "0x7f.1", "203.0.113.8/33", "203.0.113.8/", "/8", "203.0.113.8/08", "203.0.113.8/24/24", "203.0.113.8-203.0.113.9", "203.0.113.8:25", "1:2:3:4:5:6:7", "1::2::3", ":::",
  "1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "12345::", "::1.2.3", "::1.2.3.4:5", "::/129", "fe80::1%eth0", "a".repeat(100), ".", ":", "/", "é",
];

describe("the last list stays", () => {
  const kept = async () => {
    await begin("203.0.113.7");
    expect(await network.run(script)).toEqual(done);
    network.asked();
  };
  const holds = async () => {
    expect(network.host.read(`${state}/list`)).toBe("203.0.113.7");
    expect(network.nft("list", "set", ...table, "banned4")).toContain("elements = { 203.0.113.7 }");
    expect(network.nft("list", "set", ...table, "banned6")).not.toContain("elements");
    expect(await network.connect("203.0.113.7", addresses.public4, 25)).toBe("dropped");
    expect(network.host.names("/run").filter((name) => name.includes("+"))).toEqual([]);
  };

  test("while mailcow is down, or says something else", async () => {
    await kept();
    for (const [answer, said] of [
      [{ status: 404, body: "" }, "the ID in mail.banlist is not mailcow's any more"],
      [{ status: 500, body: "203.0.113.8" }, "it answers with status 500"],
      [{ status: 301, body: "" }, "it answers with status 301"],
      [{ body: "<html>203.0.113.8</html>" }, "it has other characters"],
      [{ body: "203.0.113.8\n".repeat(90_000) }, "mailcow gives no list"],
      [{ body: "203.0.113.8\n".repeat(400_000), chunked: true }, "mailcow"],
    ] as const) {
      network.answer(answer);
      expect(await network.run(script)).toEqual(refused(said));
    }
    await network.stop();
    expect(await network.run(script)).toEqual(refused("mailcow gives no list: "));
    await holds();
  });

  test("after what is no address and no network", async () => {
    await kept();
    for (const line of hostile) {
      network.answer({ body: `203.0.113.8\n${line}` });
      expect({ line, ...(await network.run(script)) }).toEqual({ line, ...refused("mailcow's list is refused: it") });
    }
    await holds();
    expect(network.host.has("/owned")).toBe(false);
  });

  test("when nftables refuses the new one", async () => {
    await kept();
    network.answer({ body: "203.0.113.8" });
    network.host.standIn("nft", 'case $1 in -f) echo no >&2; exit 1 ;; *) exec /usr/sbin/nft "$@" ;; esac');
    expect(await network.run(script)).toEqual(refused("nftables does not take the list: no", 2));
    await holds();
  });

  test("when a run is killed, and the next one goes on", async () => {
    await kept();
    network.answer({ body: "203.0.113.8", wait: 20_000 });
    const run = network.run(script);
    while (network.asked().length === 0) await setTimeout(20);
    for (const { pid, command } of network.programs()) if (command.includes(script) || command.startsWith("curl")) process.kill(pid, "SIGKILL");
    await run;
    expect(network.host.names("/run").some((name) => name.includes("+"))).toBe(true);
    network.answer({ body: "203.0.113.7" });
    expect(await network.run(script)).toEqual(done);
    await holds();
  });

  test("over a restart of the host, also while mailcow is down", async () => {
    await kept();
    network.nft("flush", "ruleset");
    await network.stop();
    expect(await network.run(script)).toEqual(refused("the last list is back in place"));
    await holds();
  });
});

test("every spelling of an address that mailcow takes is one for nftables, also in networks that overlap", async () => {
  await begin("203.0.113.0/24\n203.0.113.7\n203.0.113.7/32\n203.0.113.130/25\n::203.0.113.8\n2001:DB8::/32\n2001:db8:200::7\n1:2:3:4:5:6:7::\n::2:3:4:5:6:7:8\n1:2:3:4:5:6:203.0.113.7\n::\n\n");
  expect(await network.run(script)).toEqual(done);
  expect(network.nft("list", "set", ...table, "banned4")).toMatch(/elements = \{ 203\.0\.113\.0\/24 \}/);
  expect(await network.connect("2001:db8:300::9", addresses.public6, 25)).toBe("dropped");
});

test("a list of as many clients as fit", async () => {
  const many = Array.from({ length: 65_000 }, (_, index) => `100.${index >> 14}.${(index >> 6) & 255}.${(index & 63) * 4}`).join("\n");
  await begin(many);
  expect(many.length).toBeLessThan(2 ** 20);
  expect(await network.run(script)).toEqual(done);
  expect(network.nft("list", "set", ...table, "banned4").match(/\b100\.\d+\.\d+\.\d+/g)?.length).toBe(65_000);
});

test("nobody but root sees the list's ID", async () => {
  await begin("203.0.113.7");
  network.answer({ body: "203.0.113.7", wait: 1000 });
  const run = network.run(script);
  while (network.asked().length === 0) await setTimeout(20);
  const commands = network.programs().map(({ command }) => command);
  expect(commands.some((command) => command.startsWith("curl "))).toBe(true);
  expect(commands.filter((command) => command.includes(id))).toEqual([]);
  expect(await run).toEqual(done);
  expect(network.host.mode(script)).toBe("0700");
  expect(network.host.mode(state)).toBe("0700");
});

test("two runs wait for each other", async () => {
  await begin("203.0.113.7");
  network.answer({ body: "203.0.113.7", wait: 300 });
  expect(await Promise.all([network.run(script), network.run(script)])).toEqual([done, done]);
});

describe("over https", () => {
  test("with mailcow's certificate checked, an impostor gives no list", async () => {
    network = await MailNetwork.begin(description([addresses.public4], "{ address: 10.13.13.2, scheme: https, verify: /etc/ssl/mailcow.pem }"));
    network.answer({ body: "203.0.113.7" });
    const own = issue(["mail.example.org"]);
    network.host.write("/etc/ssl/mailcow.pem", own.certificate);
    await network.serve(issue(["other.example.org"]));
    expect(await network.run(script)).toEqual(refused("mailcow gives no list: curl: (60)"));
    await network.stop();
    await network.serve(own);
    expect(await network.run(script)).toEqual(done);
    expect(await network.connect("203.0.113.7", addresses.public4, 25)).toBe("dropped");
  });

  test("without, any certificate will do", async () => {
    network = await MailNetwork.begin(description([addresses.public4], "{ address: 10.13.13.2, scheme: https }"));
    network.answer({ body: "203.0.113.7" });
    await network.serve(issue(["other.example.org"]));
    expect(await network.run(script)).toEqual(done);
  });
});
