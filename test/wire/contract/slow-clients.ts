/** Clients that stop in the middle are given up, and those that are only slow are not. */
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { expect } from "vitest";
import { openSocket } from "../world/client.ts";
import { sleep, type World } from "../world/world.ts";
import type { Check } from "./check.ts";

/** The servers have 60 s for a client that sends or takes nothing. */
const atLatest = 66_000;
const bytes = 200_000_000;
/** What the sockets and buffers on the way hold of an answer is 5 to 30 MB. */
const held = 60_000_000;

/** Asks for an answer and reads nothing of it. @returns what closes the connection */
async function askAndStop(world: World, protocol: "http/1.1" | "h2", target: string): Promise<() => void> {
  const { tls, ...route } = world.route();
  const socket = await openSocket({ ...route, tls: { servername: tls?.servername, ALPNProtocols: [protocol] } });
  socket.on("error", () => undefined);
  if (protocol === "http/1.1") {
    socket.write(world.bytes({ target }));
  } else {
    const session = connectHttp2("https://session.invalid", { createConnection: () => socket });
    session.on("error", () => undefined);
    // Nothing of it is read, so HTTP/2's window is never opened further.
    session.request({ ":path": target, ":authority": world.publicHost() }).on("error", () => undefined);
  }
  return () => void socket.destroy();
}

async function expectGivenUp(world: World, protocol: "http/1.1" | "h2"): Promise<void> {
  const mark = world.mark();
  const started = Date.now();
  const closing = await Promise.all(Array.from({ length: 4 }, () => askAndStop(world, protocol, `/large?count=${bytes}&${mark}`)));
  try {
    const answers = () => world.mailcow.soFar(mark);
    while (Date.now() - started < atLatest && !(answers().length === closing.length && answers().every(({ givenUp }) => givenUp))) await sleep(500);
    // As long as the client was waited for, the answer has waited in mailcow, and not on the proxy's disk.
    expect(answers().map(({ givenUp, taken }) => ({ givenUp, waited: taken < held }))).toEqual(closing.map(() => ({ givenUp: true, waited: true })));
  } finally {
    for (const close of closing) close();
  }
}

/** 1,000 bytes a second, and twice a pause of five seconds. */
async function expectSlowUpload(world: World): Promise<void> {
  const mark = world.mark();
  const connection = await world.connect();
  const piece = "u".repeat(1_000);
  const pieces = 66;
  try {
    connection.send(world.bytes({ method: "PUT", target: `/upload?${mark}`, headers: [["Content-Length", String(pieces * piece.length)]] }));
    for (let index = 0; index < pieces; index++) {
      await sleep(index === 2 || index === 40 ? 5_000 : 1_000);
      connection.send(piece);
    }
    expect((await connection.receive("PUT")).status).toBe(200);
    expect(world.mailcow.soFar(mark).map(({ bodyBytes, aborted }) => ({ bodyBytes, aborted }))).toEqual([{ bodyBytes: pieces * piece.length, aborted: false }]);
  } finally {
    connection.close();
  }
}

export const slowClients: readonly Check[] = [
  {
    name: "a client that begins a TLS handshake and stops is cut off",
    background: true,
    limit: atLatest + 60_000,
    async run(world) {
      const { host, port, from } = world.route();
      const socket = connectTcp({ host, port, localAddress: from });
      const closed = new Promise<string>((done) => void socket.once("close", () => done("closed")));
      socket.on("error", () => undefined).write(Buffer.from([0x16, 0x03, 0x01]));
      try {
        expect(await Promise.race([closed, sleep(atLatest).then(() => "open")])).toBe("closed");
      } finally {
        socket.destroy();
      }
    },
  },
  ...(["http/1.1", "h2"] as const).map((protocol): Check => ({
    name: `over ${protocol}, clients that do not read an answer are given up`,
    background: true,
    limit: atLatest + 60_000,
    run: (world) => expectGivenUp(world, protocol),
  })),
  {
    name: "an upload of 1,000 bytes a second, with pauses, is not cut off",
    background: true,
    run: expectSlowUpload,
  },
];
