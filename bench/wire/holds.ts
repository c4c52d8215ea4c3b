/**
 * One server, in namespaces of its own: opens requests that mailcow holds, each on a connection of its own, until the
 * server serves nobody else or there are enough of them. Prints how many it held and what each took, as a line of JSON.
 */
import { readdirSync, readFileSync } from "node:fs";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { openSocket } from "../../test/wire/world/client.ts";
import servers from "../../test/servers.json" with { type: "json" };
import { proxyId } from "../../test/wire/world/description.ts";
import { variants } from "../../test/wire/world/variants.ts";
import { openWorld, sleep } from "../../test/wire/world/world.ts";

/** What holds.js starts this with. */
export interface HoldTask {
  readonly protocol: "http/1.1" | "h2";
  /** Lines of the whole server, after ours. */
  readonly settings: string;
}

export interface Held {
  /** How many requests were held while others were served. */
  readonly held: number;
  /** KiB of the server's processes, before and with them. */
  readonly memory: readonly [before: number, then: number];
}

const step = 25;
const enough = 1000;
const path = "/Microsoft-Server-ActiveSync/hold";

const task: HoldTask = JSON.parse(process.argv[2] ?? "{}");
const [minimal] = variants;
if (minimal === undefined) throw new Error("there is no variant");
const world = await openWorld({ ...minimal, adjust: (content) => content + task.settings });
await world.reach({ target: "/warm" });
const before = memory();
const closing: (() => void)[] = [];
let ended = 0;
let result: Held = { held: 0, memory: [before, before] };
while (result.held < enough && (await holdMore(result.held + step))) result = { held: result.held + step, memory: [before, memory()] };
console.log(JSON.stringify(result));
for (const close of closing) close();
await world.close();
// The collector of log lines would go on.
process.exit();

/** Opens further ones. @returns whether all `wanted` are held and another client is served */
async function holdMore(wanted: number): Promise<boolean> {
  const opened = await Promise.allSettled(Array.from({ length: step }, hold));
  if (opened.some(({ status }) => status === "rejected")) return false;
  for (let tries = 0; tries < 100 && held() < wanted; tries++) await sleep(100);
  return held() === wanted && (await isServed());
}

async function hold(): Promise<void> {
  const { protocol } = task;
  const { tls, ...way } = world.route();
  const socket = await openSocket({ ...way, tls: { servername: tls?.servername, ALPNProtocols: [protocol] } });
  closing.push(() => socket.destroy());
  socket.on("error", () => undefined).once("close", () => ended++);
  const target = `${path}?ms=3600000`;
  if (protocol === "http/1.1") {
    socket.resume().write(world.bytes({ target }));
    return;
  }
  const session: ClientHttp2Session = connectHttp2("https://session.invalid", { createConnection: () => socket });
  session.on("error", () => undefined);
  session.request({ ":path": target, ":authority": "mail.example.org" }).on("error", () => undefined);
}

function held(): number {
  return world.mailcow.seen.filter(({ target, aborted }) => target.startsWith(path) && !aborted).length - ended;
}

/** Whether clients of either protocol get an answer within four seconds. */
async function isServed(): Promise<boolean> {
  const over1 = world.ask({ target: "/other" }).then(({ status }) => status === 200);
  const over2 = world.http2({}, (request, authority) => request({ ":path": "/other", ":authority": authority })).then(({ status }) => status === 200);
  const late = sleep(4_000).then(() => [false]);
  return (await Promise.race([Promise.all([over1, over2]), late]).catch(() => [false])).every(Boolean);
}

/** KiB of the server's processes; what they share counts once. */
function memory(): number {
  const { program } = servers[proxyId];
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).reduce((sum, pid) => {
    try {
      if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== program) return sum;
      return sum + Number(/^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return sum; // It has just ended.
    }
  }, 0);
}
