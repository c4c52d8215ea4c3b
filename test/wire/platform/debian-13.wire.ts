/** What only the platform's own library and servers have. */
import programs from "../../servers.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { versionsFor } from "../../../src/core/site/platform.ts";
import { profileOn } from "../../../src/core/site/tls-profile.ts";
import { asTest } from "../limits.ts";
import { attemptAside, run } from "../world/command.ts";
import { platform, proxyId, renderValid } from "../world/description.ts";
import { variants } from "../world/variants.ts";
import { openWorld, type World } from "../world/world.ts";

test("this is the platform", () => {
  expect(platform).toBe("debian-13");
  expect(run("openssl", "version")).toMatch(/^OpenSSL 3\.5\./);
  const [major, minor] = versionsFor("debian-13", {})[proxyId].split(".");
  expect(run(programs[proxyId].program, proxyId === "caddy" ? "version" : "-v")).toMatch(new RegExp(`(?:^|/|version )${major}\\.${minor}\\.`));
});

describe("the hybrid group", () => {
  let world: World;
  const [minimal] = variants;
  if (minimal === undefined) throw new Error("there is no variant");
  const { site } = renderValid(minimal.description);
  beforeAll(async () => {
    world = await openWorld(minimal);
  });
  // A world that did not open has nothing to close.
  afterAll(() => (world as World | undefined)?.close());

  const agree = async (groups: string) => {
    const said = await attemptAside("sh", "-c",
      `echo | openssl s_client -connect ${minimal.address.v4}:${world.site.proxy.httpsPort} -servername ${world.site.hostname} -groups ${groups} -tls1_3 2>&1`);
    return /(?:Negotiated TLS1\.3 group|Temp Key): (\w+)/.exec(said)?.[1];
  };

  test(...asTest("TLS", { name: "the hybrid group is in the profile and agreed on" }, { variant: minimal, site }, async () => {
    expect(profileOn(proxyId, world.site).groups[0]).toBe("X25519MLKEM768");
    expect(await agree("X25519MLKEM768")).toBe("X25519MLKEM768");
    expect(await agree("X25519MLKEM768:X25519")).toBe("X25519MLKEM768");
  }));

  test("is not forced on clients without it, and other hybrids are not offered", async () => {
    expect(await agree("X25519")).toBe("X25519");
    expect(await agree("SecP256r1MLKEM768")).toBeUndefined();
  });
});
