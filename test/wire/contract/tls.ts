/** The profile's versions, ciphers and groups, as far as the platform's library has them. */
import { once } from "node:events";
import { X509Certificate } from "node:crypto";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { expect } from "vitest";
import { makeAuthority } from "../world/certificate.ts";
import { openSocket, within } from "../world/client.ts";
import type { World } from "../world/world.ts";
import { type Check, describedNames, endsTls } from "./check.ts";

interface Handshake {
  readonly version: string;
  readonly cipher: string;
  readonly fingerprint: string;
}

/** @returns what was agreed on, or undefined when the server refused */
async function handshake(world: World, options: ConnectionOptions, servername: string | undefined = world.site.publicName): Promise<Handshake | undefined> {
  const socket = await openSocket({ ...world.route(), tls: { servername, ALPNProtocols: ["http/1.1"], ...options } }).catch(() => undefined);
  if (socket === undefined) return undefined;
  const secure = socket as TLSSocket;
  try {
    // A TLS 1.3 server may refuse after the client thinks it is done: an answer is the proof.
    secure.write(world.bytes({ target: "/tls" }));
    await within(20_000, new Promise((done, fail) => void secure.once("data", done).once("error", fail).once("close", () => fail(new Error("closed")))), "no answer");
    return { version: secure.getProtocol() ?? "", cipher: secure.getCipher().standardName, fingerprint: secure.getPeerX509Certificate()?.fingerprint256 ?? "" };
  } catch {
    return undefined;
  } finally {
    secure.destroy();
  }
}

const only = (version: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): ConnectionOptions => ({ minVersion: version, maxVersion: version });
const anyCipher = "ALL:@SECLEVEL=0";

const weak = [
  "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384", "AES128-GCM-SHA256", "AES256-SHA", "DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-CAMELLIA128-SHA256",
];

async function expectCertificate(world: World, names: readonly (string | undefined)[]): Promise<void> {
  const fingerprint = new X509Certificate(world.certificate.certificate).fingerprint256;
  for (const name of names) {
    const agreed = await handshake(world, name === undefined ? { servername: "" } : {}, name);
    expect({ name, fingerprint: agreed?.fingerprint }).toEqual({ name, fingerprint });
  }
}

const ofClients: readonly Check[] = [
  {
    name: "the profile's versions and no others",
    async run(world) {
      for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const) {
        const agreed = await handshake(world, { ...only(version), ciphers: version === "TLSv1.3" ? undefined : anyCipher });
        const described = (world.site.tls.profile.protocols as readonly string[]).includes(version);
        expect({ version, agreed: agreed?.version }).toEqual({ version, agreed: described ? version : undefined });
      }
    },
  },
  {
    name: "the profile's TLS 1.2 ciphers and no others, in the client's order",
    when: ({ site }) => site.tls.profile.ciphers.length > 0,
    async run(world) {
      const ciphers = world.site.tls.profile.ciphers.filter((cipher) => cipher.includes("-RSA-"));
      expect(ciphers).toHaveLength(3);
      const agree = async (list: readonly string[]) => (await handshake(world, { ...only("TLSv1.2"), ciphers: `${list.join(":")}:@SECLEVEL=0` }))?.cipher;
      for (const cipher of ciphers) expect({ cipher, agreed: (await agree([cipher]))?.replace(/^TLS_ECDHE_RSA_WITH_/, "") }).toEqual({ cipher, agreed: expect.stringMatching(/^(AES|CHACHA)/) as string });
      for (const cipher of weak) expect({ cipher, agreed: await agree([cipher]) }).toEqual({ cipher, agreed: undefined });
      const first = await agree(ciphers);
      const last = await agree(ciphers.toReversed());
      expect(first).toBe(await agree(ciphers.slice(0, 1)));
      expect(last).toBe(await agree(ciphers.slice(-1)));
      expect(first).not.toBe(last);
    },
  },
  {
    name: "the profile's TLS 1.3 suites",
    async run(world) {
      for (const suite of world.site.tls.profile.cipherSuites) {
        expect({ suite, agreed: (await handshake(world, { ...only("TLSv1.3"), ciphers: suite }))?.cipher }).toEqual({ suite, agreed: suite });
      }
    },
  },
  {
    name: "the profile's groups and no others",
    async run(world) {
      for (const group of world.site.tls.profile.groups.filter((name) => name !== "X25519MLKEM768")) {
        expect({ group, agreed: (await handshake(world, { ecdhCurve: group })) !== undefined }).toEqual({ group, agreed: true });
      }
      for (const group of ["secp521r1", "X448"]) {
        expect({ group, agreed: await handshake(world, { ecdhCurve: group }) }).toEqual({ group, agreed: undefined });
      }
    },
  },
  {
    name: "the described certificate for every name",
    run: (world) => expectCertificate(world, describedNames(world)),
  },
  {
    name: "the described certificate for any other name, and without a name",
    // The first site's certificate is the server's answer to any other name.
    when: ({ variant }) => variant.beside === undefined,
    run: (world) => expectCertificate(world, ["unknown.example.net", undefined]),
  },
  {
    name: "the chain is whole",
    async run(world) {
      const socket = (await openSocket({ ...world.route(), tls: { servername: world.site.publicName, ca: world.authority.certificate, rejectUnauthorized: true } })) as TLSSocket;
      expect(socket.authorized).toBe(true);
      socket.destroy();
    },
  },
  {
    name: "sessions are resumed",
    when: ({ site }) => site.tls.profile.protocols.includes("TLSv1.2"),
    async run(world) {
      const open = async (session?: Buffer) => (await openSocket({
        ...world.route(), tls: { servername: world.site.publicName, ...only("TLSv1.2"), ...(session === undefined ? {} : { session }) },
      })) as TLSSocket;
      const first = await open();
      const session = first.getSession();
      // A server may keep the session only after its last message of the handshake, but before it answers.
      const answered = once(first, "data");
      first.write(`GET / HTTP/1.1\r\nHost: ${world.publicHost()}\r\n\r\n`);
      await answered;
      first.destroy();
      expect(session).toBeInstanceOf(Buffer);
      const resumed: boolean[] = [];
      for (let tries = 0; tries < 5; tries++) {
        const next = await open(session);
        resumed.push(next.isSessionReused());
        next.destroy();
      }
      expect(resumed).toEqual([true, true, true, true, true]);
    },
  },
];

const ofMailcow: readonly Check[] = [
  {
    name: "mailcow is not spoken to when its certificate is not the one that was described",
    when: ({ site }) => site.proxy.upstream.caFile !== undefined,
    async run(world) {
      const impostors = [makeAuthority().issue([world.site.publicName]), world.authority.issue(["other.example.net"])];
      try {
        for (const impostor of impostors) {
          // Connections that were verified before would be used again.
          await world.mailcow.stop();
          world.mailcow.present(impostor);
          await world.mailcow.start();
          const reply = await world.keptOut({ target: "/impostor", headers: [["Authorization", "Basic c2VjcmV0"]] });
          expect([500, 502, 503]).toContain(reply.status);
        }
      } finally {
        await world.mailcow.stop();
        world.mailcow.present(world.mailcowCertificate);
        await world.mailcow.start();
      }
      let status = 0;
      for (let tries = 0; tries < 50 && status !== 200; tries++) {
        ({ status } = await world.ask({ target: "/real-one" }));
        await new Promise((done) => setTimeout(done, 200));
      }
      expect(status).toBe(200);
    },
  },
];

export const tls: readonly Check[] = [
  ...ofClients.map((check): Check => ({ ...check, when: (world) => endsTls(world) && (check.when?.(world) ?? true) })),
  ...ofMailcow,
];
