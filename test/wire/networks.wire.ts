/** Every kind of network in the keys that take networks: each server takes it, and reads it as all the others do. */
import ipaddr from "ipaddr.js";
import { afterEach, describe, expect, test } from "vitest";
import { presetOf } from "../../src/core/site/presets.ts";
import { servers } from "../../src/core/site/servers.ts";
import { open } from "./world/client.ts";
import { proxyId, render } from "./world/description.ts";
import { canonical } from "./world/proxy-protocol.ts";
import { trust } from "./world/mailcow-trust.ts";
import { values } from "./world/reply.ts";
import { outer, type Variant } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const ipv4Networks = [
  "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/8", "0.0.0.0/31", "0.0.0.0/32", "0.0.0.1/32", "32.2.0.0/16", "127.0.0.0/8", "127.0.0.1/32", "169.254.0.0/16", "203.0.113.0/24", "203.0.113.66/32",
  "224.0.0.0/4", "224.0.0.1/32", "240.0.0.0/4", "255.0.0.0/8", "255.255.255.0/24", "255.255.255.254/31", "255.255.255.254/32",
];
/** Among them those that hold ::ffff:0:0/96, and those in which there is an IPv4 address. */
const ipv6Networks = [
  "::/0", "::/1", "8000::/1", "::/3", "2000::/3", "::/8", "::/16", "::/32", "::/64", "::/80", "::8000:0:0/81", "::c000:0:0/82", "::fffe:0:0/95", "::ffff:0:0:0/96",
  "::/95", "::/96", "::/127", "::/128", "::1/128", "::2/127", "::cb00:7100/120", "2002::/16", "2002:cb00:7142::/48", "64:ff9b::/96", "2001:db8::/32", "2001:db8::1/128",
  "fc00::/7", "fe80::/10", "fe80::1/128", "ff00::/8", "ff02::1/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
];
const networks = [...ipv4Networks, ...ipv6Networks];

const clients = [
  "0.0.0.0", "0.0.0.1", "32.2.203.0", "127.0.0.1", "169.254.1.1", "192.0.2.5", "203.0.113.66", "::ffff:203.0.113.66", "::ffff:0.0.0.1", "224.0.0.1", "255.255.255.254",
  "::", "::1", "::2", "::3", "::cb00:7142", "::c000:cb00:7142", "::fffe:cb00:7142", "::ffff:0:cb00:7142", "64:ff9b::cb00:7142", "2001:db8::1", "2001:db8::66", "2002:cb00:7142::5", "2002:7f00:1::1",
  // At the edges of Cloudflare's networks.
  "104.15.255.255", "104.16.0.0", "104.27.255.255", "104.28.0.0", "2606:46ff:ffff::1", "2606:4700::1", "2a06:98c7:ffff::1", "2a06:98c8::1",
  "8000::1", "fd00::7", "fe80::1", "ff02::1", "ffff:ffff::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

/** The address, with ::ffff:0:0/96, and nothing else, as IPv4. */
function meant(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function holds(network: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const [base, prefix] = ipaddr.parseCIDR(network);
  const bits = (one: ipaddr.IPv4 | ipaddr.IPv6) => one.toByteArray().map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return base.kind() === address.kind() && bits(base).slice(0, prefix) === bits(address).slice(0, prefix);
}

/** Behind a proxy with X-Forwarded-For, which can say any address. */
function variant(trusted: readonly string[], access: string): Variant {
  return {
    name: "networks",
    description: `hostname: mail.example.org\nproxy: { trusted_proxies: ${JSON.stringify([outer.v4, ...trusted])} }\n${access}`,
    address: { v4: "192.0.2.10", v6: "2001:db8::10" },
    arrival: "direct",
    otherNames: [],
    access: access !== "",
  };
}

/** Whether the server passes the list on. */
const added = servers[proxyId].forwardedFor === "added";

/** In none of the networks that can be trusted. */
const beyond = "192.0.2.80";

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Asks from the outer proxy, on one connection, for each client and path. */
async function* asked(opened: World, forwarded: readonly string[], paths: readonly string[]) {
  for (const list of forwarded) {
    const connection = await open({ ...opened.route(), from: outer.v4 });
    for (const path of paths) {
      const mark = opened.mark();
      connection.send(`GET ${path}?${mark} HTTP/1.1\r\nHost: ${opened.publicHost()}\r\nX-Forwarded-For: ${list}\r\n\r\n`);
      const { status } = await connection.receive();
      yield { list, path, status, seen: opened.mailcow.soFar(mark)[0] };
    }
    connection.close();
  }
}

describe("access", () => {
  test("an access rule admits the addresses of its network and no others", async () => {
    const path = (network: string) => `/n${networks.indexOf(network)}-`;
    world = await openWorld(variant([], `access:\n${networks.map((network) => `  - { path: ${path(network)}, allow: ["${network}"] }\n`).join("")}`));
    expect(world.failures).toEqual([]);
    expect(world.running.complaintsAtStart).toEqual([]);
    const wrong: string[] = [];
    for await (const { list, path: at, status } of asked(world, clients, networks.map(path))) {
      const network = networks.find((one) => path(one) === at) ?? "";
      if (status !== (holds(network, meant(list)) ? 200 : 403)) wrong.push(`${list} at ${network}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("client address", () => {
  test("trusted_proxies trusts the addresses of its networks and no others", async () => {
    // The rule trusts-everyone refuses these.
    const wide = (network: string) => Number(network.split("/")[1]) < (network.includes(":") ? 7 : 8);
    // Each group leaves some of the addresses out.
    for (const trusted of [ipv4Networks.filter((network) => !wide(network)), ["::/8", "fc00::/7"], ["::/96", "::fffe:0:0/95", "2002::/16", "fe80::1/128", "ff00::/8"], ["::ffff:0:0:0/96", "64:ff9b::/96", "::2/127", "::c000:0:0/82"], ["cloudflare"]]) {
      world = await openWorld(variant(trusted, ""));
      expect(world.running.complaintsAtStart).toEqual([]);
      const wrong: string[] = [];
      const described = trusted.flatMap((name) => presetOf(name)?.networks ?? [name]);
      for await (const { list, seen } of asked(world, clients.map((client) => `${beyond}, ${client}`), ["/"])) {
        const last = meant(list.split(", ")[1] ?? "");
        const wanted = described.some((network) => holds(network, last)) ? beyond : last.toString();
        // mailcow reads the list itself then, IPv4 in either form, and trusts private networks.
        if (added && trust([])(last.toString())) continue;
        const [got = ""] = seen === undefined ? [] : values(seen, "x-forwarded-for");
        if (canonical(added && got !== "" ? meant(got).toString() : got) !== canonical(wanted)) wrong.push(`${list} behind ${trusted.join(" ")}: ${got}`);
      }
      expect(wrong).toEqual([]);
      await world.close();
      world = undefined;
    }
  });

  test("what one server does not take is refused for all of them, at its key", () => {
    for (const network of ["255.255.255.255", "255.255.255.255/32", "::ffff:203.0.113.0/120", "2001:db8::1%lo"]) {
      for (const keys of [`proxy: { trusted_proxies: ["${network}"] }`, `proxy: { addresses: ["${network}"] }`, `access: [{ path: /x, allow: ["${network}"] }]`]) {
        expect({ keys, proxyId, ...render(`hostname: mail.example.org\n${keys}\n`) }).toEqual({ keys, proxyId, refused: ["network"] });
      }
    }
    for (const address of ["255.255.255.255", "::ffff:203.0.113.66", "::203.0.113.66", "::cb00:7142", "fe80::1", "ff02::1"]) {
      for (const keys of [`proxy: { listen: ["${address}"] }`, `proxy: { upstream: { address: "${address}" } }`, `mailcow: { http: { bind: "${address}" } }`]) {
        expect({ keys, ...render(`hostname: mail.example.org\n${keys}\n`) }).toEqual({ keys, refused: ["address"] });
      }
    }
  });
});
