/** Clients: load generators of the distribution, run to their end. */
import { readFileSync } from "node:fs";
import { run } from "../../test/wire/world/command.ts";
import { scratch } from "../../test/wire/world/filesystem.ts";

export interface Measured {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Milliseconds that 99 of 100 requests took at most, with the handshake where the connection is new. */
  readonly p99: number;
}

/** Connections at a time, each with one request at a time. */
const clients = 32;

/** Each sends requests to the URL for so many seconds. */
export const loads: Readonly<Record<string, (url: string, seconds: number) => Measured>> = { kept: wrk, new: ab };

function wrk(url: string, seconds: number): Measured {
  const said = run("wrk", "-t", "1", "-c", String(clients), "-d", String(seconds), "--latency", url);
  // Apache closes kept connections when its processes are busy, some of them just as a request comes.
  const broken = [.../^ +Socket errors: (.*)$/m.exec(said)?.[1]?.matchAll(/\d+/g) ?? []].reduce((sum, [count]) => sum + Number(count), 0);
  const complete = Number(/^ +(\d+) requests in/m.exec(said)?.[1]);
  if (broken > complete / 100 || said.includes("Non-2xx")) throw new Error(`requests failed:\n${said}`);
  const [, p99, unit = ""] = /^ +99% +([\d.]+)(us|ms|s)$/m.exec(said) ?? [];
  return {
    requests: complete,
    requestsPerSecond: Number(/^Requests\/sec: +([\d.]+)$/m.exec(said)?.[1]),
    p99: Number(p99) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN),
  };
}

/** wrk polls while it connects, and would take its core from the upstream. Each of ab's connections is a full handshake. */
function ab(url: string, seconds: number): Measured {
  const file = `${scratch}/percentiles.csv`;
  // -t sets a number of requests, too, which the later -n replaces.
  const said = run("ab", "-q", "-c", String(clients), "-t", String(seconds), "-n", "200000", "-e", file, url);
  if (!/^Failed requests: +0$/m.test(said) || said.includes("Non-2xx")) throw new Error(`requests failed:\n${said}`);
  return {
    requests: Number(/^Complete requests: +(\d+)$/m.exec(said)?.[1]),
    requestsPerSecond: Number(/^Requests per second: +([\d.]+)/m.exec(said)?.[1]),
    p99: Number(/^99,([\d.]+)$/m.exec(readFileSync(file, "utf8"))?.[1]),
  };
}
