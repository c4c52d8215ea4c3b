/** Networks that operators publish: what the description calls them, and how they are renewed. */
import { describe, expect, test } from "vitest";
import { networksOf } from "../build/renew-networks.js";
import schema from "../schemas/description.schema.json" with { type: "json" };
import { parseNetwork, toCidr } from "../src/core/network.ts";
import { presetNames, presets } from "../src/core/site/presets.ts";

describe.each(presetNames)("%s", (name) => {
  const { networks, read } = presets[name];

  test("is a list of canonical networks that the renewal accepts", () => {
    expect(networks.length).toBeGreaterThan(0);
    expect(networks).toEqual([...new Set(networks)]);
    expect(networks.map((text) => parseNetwork(text)).map((network) => (network === undefined ? "" : toCidr(network)))).toEqual(networks);
    expect(networksOf(networks.join("\n"))).toEqual(networks);
  });

  test("has a date", () => expect(read).toMatch(/^20\d\d-\d\d-\d\d$/));
});

test("the schema's pattern has every name", () => {
  const pattern = new RegExp(schema.$defs.trustedProxy.pattern);
  expect(presetNames.filter((name) => !pattern.test(name))).toEqual([]);
});

describe("a page with networks", () => {
  test("is one network a line", () => {
    expect(networksOf("173.245.48.0/20\n103.21.244.0/22\r\n2400:cb00::/32\n")).toEqual(["173.245.48.0/20", "103.21.244.0/22", "2400:cb00::/32"]);
  });

  test.each([
    "", "\n", "<!doctype html>", "173.245.48.0/20\n\n103.21.244.0/22", "173.245.48.0", "173.245.48.1/20", "173.245.48.0/33", "173.245.48.0/20 # comment", "0.0.0.0/0", "128.0.0.0/1", "::/0",
    "10.0.0.0/12", "127.0.0.0/24", "fd00::/32", "2400:CB00::/32", "2400:cb00:0::/32", "173.245/20", "error code: 1015",
  ])("%j is refused", (text) => {
    expect(() => networksOf(text)).toThrow("not a network of an operator");
  });
});
