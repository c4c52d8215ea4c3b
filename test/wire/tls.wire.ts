/** All that each profile offers, as sslscan finds it: every version, cipher suite and group that it knows is tried. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profiles } from "../../src/core/site/mozilla-guideline.ts";
import { has } from "../../src/core/site/platform.ts";
import { servers } from "../../src/core/site/servers.ts";
import { attemptAside } from "./world/command.ts";
import { proxyId } from "./world/description.ts";
import { variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

/** What OpenSSL calls a group that sslscan calls `secp256r1 (NIST P-256)`. */
function groupName(text: string): string {
  return text.replace(/ \(.*\)$/, "").replace("secp256r1", "prime256v1").replace("x25519", "X25519");
}

describe("TLS", () => {
  for (const [profile, key] of [["intermediate", "rsa"], ["intermediate", "ecdsa"], ["modern", "rsa"], ["modern", "ecdsa"]] as const) {
    describe(`${profile}, with a certificate of ${key}`, () => {
      let world: World;
      let scan = "";
      const [minimal] = variants;
      const attributes = (element: string, attribute: string, condition: string) =>
        [...scan.matchAll(new RegExp(`<${element} [^>]*>`, "g"))].map(([text]) => text).filter((text) => text.includes(condition)).map((text) => new RegExp(` ${attribute}="([^"]*)"`).exec(text)?.[1] ?? "");

      beforeAll(async () => {
        if (minimal === undefined) throw new Error("there is no variant");
        world = await openWorld({ ...minimal, description: `${minimal.description}tls: { profile: ${profile} }\n`, key });
        scan = await attemptAside("sslscan", "--xml=-", "--timeout=30", `--sni-name=${world.site.hostname}`, `${minimal.address.v4}:${world.site.proxy.httpsPort}`);
      });
      // A world that did not open has nothing to close.
      afterAll(() => (world as World | undefined)?.close());

      test("its versions and no others", () => {
        expect(attributes("protocol", "version", 'type="tls"').toSorted()).toEqual(["1.0", "1.1", "1.2", "1.3"]);
        expect(attributes("protocol", "version", 'enabled="1"').map((version) => `TLSv${version}`).toSorted()).toEqual(profiles[profile].protocols);
      });

      test("its cipher suites and no others", () => {
        const ofKey = profiles[profile].ciphers.filter((cipher) => cipher.includes(`-${key.toUpperCase()}-`));
        expect(attributes("cipher", "cipher", 'sslversion="TLSv1.2"').toSorted()).toEqual(ofKey.toSorted());
        expect(attributes("cipher", "cipher", 'sslversion="TLSv1.3"').toSorted()).toEqual(profiles[profile].cipherSuites.toSorted());
        expect(attributes("cipher", "cipher", "")).toHaveLength(ofKey.length + profiles[profile].cipherSuites.length);
      });

      test("its groups and no others", () => {
        const found = new Set(attributes("group", "name", "").map(groupName));
        // sslscan does not know the hybrid group; test/wire/platform/ has it.
        expect([...found].toSorted()).toEqual(world.site.tls.profile.groups.filter((group) => group !== "X25519MLKEM768").toSorted());
      });

      /** What openssl's own client says of a connection that it makes and closes. */
      const connect = (options: string) =>
        attemptAside("sh", "-c", `openssl s_client ${options} -connect ${minimal?.address.v4}:${world.site.proxy.httpsPort} -servername ${world.site.hostname} </dev/null 2>/dev/null`);

      test("no stapled OCSP response", async () => {
        expect(await connect("-status")).toContain("OCSP response: no response sent");
      });

      // Whoever has a ticket's key reads all that was said in TLS 1.2 while it was in use.
      if (profiles[profile].protocols.includes("TLSv1.2")) test("session tickets only where their keys are changed", async () => {
        const said = await connect("-tls1_2");
        expect(said).toMatch(/^ +Protocol +: TLSv1\.2$/m);
        expect(/^ +TLS session ticket:$/m.test(said)).toBe(servers[proxyId].tlsLibrary === "own" || (proxyId === "nginx" && has(world.site.versions, "nginxTicketRotation")));
      });
    });
  }
});
