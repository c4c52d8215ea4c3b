/** Bodies of any size and chunked, streamed, with Expect: 100-continue. */
import { createHash, randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { Check } from "./check.ts";
import { values } from "../world/reply.ts";
import type { World } from "../world/world.ts";
import { sleep } from "../world/world.ts";

const sha256 = (body: Buffer) => createHash("sha256").update(body).digest("hex");

function chunked(body: Buffer, sizes: readonly number[]): Buffer {
  const parts: Buffer[] = [];
  for (let offset = 0, index = 0; offset < body.length; index++) {
    const part = body.subarray(offset, offset + (sizes[index % sizes.length] ?? 1));
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
    offset += part.length;
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (condition()) return;
    await sleep(10);
  }
  throw new Error(`${what}: not within 30 s`);
}

/** Sends half a body, waits for mailcow to have it, then sends the rest. */
async function expectStreamed(world: World, framing: "content-length" | "chunked"): Promise<void> {
  const mark = world.mark();
  const [first, second] = [randomBytes(100_000), randomBytes(100_000)];
  const connection = await world.connect();
  try {
    const header = framing === "chunked" ? (["Transfer-Encoding", "chunked"] as const) : (["Content-Length", String(first.length + second.length)] as const);
    connection.send(world.bytes({ method: "PUT", target: `/stream?${mark}`, headers: [header] }));
    const part = (bytes: Buffer) => (framing === "chunked" ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]) : bytes);
    connection.send(part(first));
    await until(() => (world.mailcow.soFar(mark)[0]?.bodyBytes ?? 0) >= 50_000, "mailcow has the first half");
    connection.send(part(second));
    if (framing === "chunked") connection.send("0\r\n\r\n");
    expect((await connection.receive("PUT")).status).toBe(200);
    expect(world.mailcow.soFar(mark).map((seen) => seen.sha256)).toEqual([sha256(Buffer.concat([first, second]))]);
  } finally {
    connection.close();
  }
}

export const bodies: readonly Check[] = [
  {
    name: "from nothing to 32 MB",
    async run(world) {
      for (const size of [0, 1, 1_048_577, 32_000_000]) {
        const body = randomBytes(size);
        const { reply, seen } = await world.reach({ method: "PUT", target: "/upload", body });
        expect({ size, status: reply.status, bytes: seen.bodyBytes, same: seen.sha256 === sha256(body) }).toEqual({ size, status: 200, bytes: size, same: true });
      }
    },
  },
  {
    name: "chunked, in chunks of any size",
    async run(world) {
      for (const [size, sizes] of [[0, [1]], [1, [1]], [5_000, [1, 2, 3]], [3_000_000, [1, 16_384, 100_000, 7]]] as const) {
        const body = randomBytes(size);
        const { reply, seen } = await world.reach({ method: "PUT", target: "/chunked", headers: [["Transfer-Encoding", "chunked"]], body: chunked(body, sizes) });
        // An answer does not vary by how the body came. Apache's stock configuration has it vary by Accept-Encoding.
        const vary = values(reply, "vary").filter((header) => /transfer/i.test(header));
        expect({ size, status: reply.status, same: seen.sha256 === sha256(body), vary }).toEqual({ size, status: 200, same: true, vary: [] });
      }
    },
  },
  {
    name: "over HTTP/2",
    async run(world) {
      await world.http2({}, async (request, authority) => {
        for (const size of [0, 1, 8_000_000]) {
          const mark = world.mark();
          const body = randomBytes(size);
          expect((await request({ ":method": "PUT", ":path": `/upload?${mark}`, ":authority": authority }, body)).status).toBe(200);
          expect(world.mailcow.soFar(mark).map((seen) => seen.sha256)).toEqual([sha256(body)]);
        }
      });
    },
  },
  { name: "streamed with a length", run: (world) => expectStreamed(world, "content-length") },
  { name: "streamed in chunks", run: (world) => expectStreamed(world, "chunked") },
  {
    name: "Expect: 100-continue is answered before the body",
    async run(world) {
      const mark = world.mark();
      const connection = await world.connect();
      try {
        connection.send(world.bytes({ method: "PUT", target: `/continue?${mark}`, headers: [["Expect", "100-continue"], ["Content-Length", "5"]] }));
        const interim = new Promise<string>((done) => connection.socket.once("data", (bytes: Buffer) => done(bytes.toString("latin1"))));
        expect(await interim).toMatch(/^HTTP\/1\.1 100 /);
        connection.send("hello");
        const reply = await connection.receive("PUT");
        expect({ status: reply.status, before: reply.before.slice(0, 1) }).toEqual({ status: 200, before: [100] });
        expect(world.mailcow.soFar(mark).map((seen) => seen.sha256)).toEqual([sha256(Buffer.from("hello"))]);
      } finally {
        connection.close();
      }
    },
  },
  {
    name: "a client that leaves in the middle leaves mailcow with half a request, not a whole one",
    async run(world) {
      const mark = world.mark();
      const connection = await world.connect();
      connection.send(world.bytes({ method: "PUT", target: `/left?${mark}`, headers: [["Content-Length", "200000"]] }));
      connection.send(randomBytes(100_000));
      await until(() => world.mailcow.soFar(mark).length === 1, "mailcow has the request");
      connection.close();
      await until(() => world.mailcow.soFar(mark)[0]?.aborted === true, "mailcow knows that the client has left");
      expect(world.mailcow.soFar(mark)[0]?.sha256).toBeUndefined();
    },
  },
  {
    name: "conflicting lengths smuggle no request",
    async run(world) {
      const inner = (mark: string) => `GET /smuggled?${mark} HTTP/1.1\r\nHost: unknown.example.net\r\nX-Forwarded-For: 198.51.100.250\r\n\r\n`;
      const conflicts: readonly (readonly [name: string, headers: readonly string[], body: (smuggled: string) => string])[] = [
        ["CL.TE", ["Content-Length: LENGTH", "Transfer-Encoding: chunked"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["TE.CL", ["Transfer-Encoding: chunked", "Content-Length: 4"], (smuggled) => `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`],
        ["two lengths", ["Content-Length: 0", "Content-Length: LENGTH"], (smuggled) => smuggled],
        ["two lengths, reversed", ["Content-Length: LENGTH", "Content-Length: 0"], (smuggled) => smuggled],
        ["a list of lengths", ["Content-Length: 0, LENGTH"], (smuggled) => smuggled],
        ["a signed length", ["Content-Length: +LENGTH"], (smuggled) => smuggled],
        ["a negative length", ["Content-Length: -1"], (smuggled) => smuggled],
        ["a hexadecimal length", ["Content-Length: 0x10"], (smuggled) => smuggled],
        ["a space before the colon", ["Content-Length: 3", "Transfer-Encoding : chunked"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["another coding", ["Content-Length: 3", "Transfer-Encoding: xchunked"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["chunked, then identity", ["Content-Length: LENGTH", "Transfer-Encoding: chunked, identity"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["two codings", ["Content-Length: LENGTH", "Transfer-Encoding: chunked", "Transfer-Encoding: cow"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["a control character", ["Content-Length: LENGTH", "Transfer-Encoding: \x0bchunked"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["a folded line", ["Content-Length: LENGTH", "Transfer-Encoding:\r\n chunked"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["bare line feeds", ["Content-Length: LENGTH\nTransfer-Encoding: chunked"], (smuggled) => `0\r\n\r\n${smuggled}`],
        ["hop by hop", ["Connection: Content-Length", "Content-Length: LENGTH"], (smuggled) => smuggled],
        ["hop by hop, chunked", ["Connection: Transfer-Encoding", "Transfer-Encoding: chunked"], (smuggled) => `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`],
        ["a chunk extension", ["Transfer-Encoding: chunked"], (smuggled) => `1;a=b\n\r\nx\r\n0\r\n\r\n${smuggled}`],
        ["a chunk too long for a number", ["Transfer-Encoding: chunked"], (smuggled) => `10000000000000000\r\n${smuggled}\r\n0\r\n\r\n`],
        ["a body with GET", ["Content-Length: LENGTH"], (smuggled) => smuggled],
      ];
      for (const [name, lines, body] of conflicts) {
        const [outerMark, innerMark] = [world.mark(), world.mark()];
        const content = body(inner(innerMark));
        const head = world.bytes({ method: name.endsWith("GET") ? "GET" : "POST", target: `/outer?${outerMark}` }).toString("latin1").slice(0, -2);
        const connection = await world.connect();
        connection.send(`${head}${lines.join("\r\n").replaceAll("LENGTH", String(content.length))}\r\n\r\n${content}`);
        // One more, which a smuggled prefix would spoil.
        connection.send(world.bytes({ target: `/next?${outerMark}` }));
        await Promise.race([connection.receive("POST").catch(() => undefined), sleep(1_000)]);
        await sleep(30);
        connection.close();
        // Read as a request of its own it is one of an unknown name, and does not get to mailcow either.
        expect({ name, smuggled: world.mailcow.soFar(innerMark).map((seen) => seen.requestLine) }).toEqual({ name, smuggled: [] });
      }
      await world.reach({ target: "/still-there" });
    },
  },
];
