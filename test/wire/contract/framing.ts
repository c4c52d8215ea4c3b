/** A body that servers could see end in different places is refused, or its end is the one that the protocol says. */
import { createHash, randomBytes } from "node:crypto";
import { expect } from "vitest";
import { sendFrames } from "../world/http2-frames.ts";
import { sleep, type World } from "../world/world.ts";
import { type Check, endsTls } from "./check.ts";

const sha256 = (body: Buffer) => createHash("sha256").update(body).digest("hex");

/** Codings of a transfer that say nothing certain about its length. */
const uncertain = [
  "chunked,", ",chunked", "chunked , ", "chunked;q=1", "\"chunked\"", "chunked, chunked", "gzip, chunked", "chunked, gzip", "identity", "identity, chunked", "", ",", "chunked x", "chunked\0",
  "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding:", "\r\nTransfer-Encoding: chunked", "identity\r\nTransfer-Encoding: chunked",
];

/** Sends a body with this coding, and another request behind it. */
async function sendCoded(world: World, scheme: "http" | "https", version: "1.0" | "1.1", coding: string) {
  const [mark, second] = [world.mark(), world.mark()];
  const head = world.bytes({ scheme, method: "POST", version, target: `/.well-known/acme-challenge/${mark}` }).toString("latin1").slice(0, -2);
  const connection = await world.connect({ scheme });
  connection.send(`${head}Transfer-Encoding: ${coding}\r\n\r\n3\r\nabc\r\n0\r\n\r\n${version === "1.0" ? world.bytes({ scheme, target: `/${second}` }).toString("latin1") : ""}`);
  const { status } = await connection.receive("POST");
  connection.close();
  return { status, seen: world.mailcow.soFar(mark), second: world.mailcow.soFar(second).map(({ requestLine }) => requestLine) };
}

export const framing: readonly Check[] = [
  ...([["1.0", ["chunked", "Chunked", ...uncertain]], ["1.1", uncertain]] as const).map(([version, codings]): Check => ({
    name: `a body of HTTP/${version} whose end servers could see in different places is refused`,
    async run(world) {
      const found: Record<string, unknown> = {};
      for (const scheme of ["https", "http"] as const) {
        for (const coding of codings) {
          const { status, seen } = await sendCoded(world, scheme, version, coding);
          if (![400, 422, 501].includes(status) || seen.length > 0) found[`${scheme} HTTP/${version} ${coding}`] = status;
        }
      }
      expect(found).toEqual({});
    },
  })),
  {
    name: "HTTP/1.0 has bodies with a length only",
    async run(world) {
      const body = randomBytes(5_000);
      expect((await world.reach({ method: "PUT", version: "1.0", target: "/old", body })).seen.sha256).toBe(sha256(body));
      // Nothing of what stands behind such a request is in its body, or a request of its own.
      for (const coding of ["chunked", ...uncertain]) {
        const { seen, second } = await sendCoded(world, "https", "1.0", coding);
        expect({ coding, bodies: seen.map(({ bodyBytes }) => bodyBytes).filter((bytes) => bytes > 0), second }).toEqual({ coding, bodies: [], second: [] });
      }
    },
  },
  {
    name: "a length that does not fit into 64 bits is refused",
    async run(world) {
      const found: Record<string, unknown> = {};
      for (const length of ["18446744073709551616", "18446744073709551619", "18446744073709551620", "184467440737095516190", "9999999999999999999", "000000000000000000003"]) {
        const [mark, second] = [world.mark(), world.mark()];
        const head = world.bytes({ method: "POST", target: `/${mark}` }).toString("latin1").slice(0, -2);
        const connection = await world.connect({});
        connection.send(`${head}Content-Length: ${length}\r\n\r\nabcGET /${second} HTTP/1.1\r\nHost: ${world.publicHost()}\r\n\r\n`);
        const { status } = await connection.receive("POST");
        connection.close();
        // Zeros before the number change nothing of it.
        if (![400, 413].includes(status) && !length.startsWith("0")) found[length] = status;
        for (const seen of world.mailcow.soFar(mark)) if (seen.bodyBytes !== 3 || !length.startsWith("0")) found[length] = seen.requestLine;
      }
      expect(found).toEqual({});
    },
  },
  {
    name: "over HTTP/2 a body ends where its frames do",
    when: endsTls,
    async run(world) {
      // These fields belong to HTTP/1.1; a server that does not refuse them must not read the body by them.
      for (const field of [["transfer-encoding", "chunked"], ["transfer-encoding", "chunked,"], ["connection", "transfer-encoding"], ["content-length", "5"]] as const) {
        const [outerMark, innerMark] = [world.mark(), world.mark()];
        const body = `0\r\n\r\nGET /smuggled?${innerMark} HTTP/1.1\r\nHost: unknown.example.net\r\n\r\n`;
        const fields = [[":method", "POST"], [":scheme", "https"], [":path", `/outer?${outerMark}`], [":authority", world.publicHost()], field, ...world.wayHeaders().map(([name, value]) => [name.toLowerCase(), value] as const)] as const;
        await sendFrames(world.route(), fields, body);
        await sleep(30);
        expect({ field, smuggled: world.mailcow.soFar(innerMark).map((seen) => seen.requestLine) }).toEqual({ field, smuggled: [] });
        // Undefined: mailcow did not get to the end of it.
        for (const seen of world.mailcow.soFar(outerMark)) expect([undefined, sha256(Buffer.from(body))], field.join()).toContain(seen.sha256);
      }
      await world.reach({ target: "/still-there" });
    },
  },
];
