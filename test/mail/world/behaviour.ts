/** What differs between the servers: their limits, and how they take up a change. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import { until } from "../../systems/world/output.ts";
import { attempt, run } from "../../wire/world/command.ts";
import { proxyId } from "../../wire/world/description.ts";
import { proxy } from "../../wire/world/proxy.ts";

/** How one server takes up a change without an end of its connections, and what it ends itself. */
export interface Behaviour {
  /** Makes the room for many sessions that the head of the generated file names. */
  makeRoom(head: string): void;
  /** The file with the limits, the limits that are generated, what the tests have instead, and the number of places. */
  readonly limits: { readonly file: string; readonly values: readonly (readonly [generated: RegExp, scaled: string, places: number])[] };
  /** Whether it reads them only when it starts. */
  readonly restarts: boolean;
  /** Seconds after which an idle connection ends then; undefined where it never does. */
  readonly ends: number | undefined;
  reload(): Promise<void>;
}

/** As the distribution's unit does it; the old processes then take no more connections. */
async function asUnit(): Promise<void> {
  const before = workers();
  run("sh", "-c", proxy.reload);
  await until("new workers", () => {
    const after = workers();
    return after.length > 0 && after.every((worker) => !before.includes(worker));
  });
}

/** The processes that take connections. */
function workers(): string[] {
  const main = readFileSync(`/run/${proxyId}.pid`, "utf8").trim();
  const listening = attempt("ip", "netns", "exec", "proxy", "ss", "-Hltnp", "sport = :143").text;
  return [...listening.matchAll(/pid=(\d+)/g)].map(([, worker = ""]) => worker).filter((worker) => worker !== main);
}

let changes = 1000;

/** Traefik watches its file, and says what it has read. */
async function byChange(file: string): Promise<void> {
  const document = parseDocument(readFileSync(file, "utf8"));
  const routers = document.getIn(["tcp", "routers"]);
  const priority = ++changes;
  if (isMap(routers)) for (const { value } of routers.items) if (isMap(value)) value.set("priority", priority);
  // As generate -o writes it. Of a file that is overwritten, Traefik reads the beginning.
  writeFileSync(`${file}.new`, document.toString());
  renameSync(`${file}.new`, file);
  await until("Traefik's reading", () => attempt("ip", "netns", "exec", "proxy", "curl", "-s", "http://127.0.0.1:9180/api/tcp/routers").text.includes(`"priority":${priority}`));
}

/** @param file the generated one that says what becomes of a connection */
export function behaviourOf(file: string): Behaviour {
  switch (proxyId) {
    case "haproxy":
      return { makeRoom: () => undefined, limits: { file, values: [[/(?<=timeout tunnel )\d+m/g, "8s", 1], [/(?<=timeout (?:client|server) )\d+m/g, "2s", 2]] }, restarts: false, ends: 8, reload: asUnit };
    case "nginx":
      return { makeRoom: workerConnections, limits: { file, values: [[/(?<=proxy_timeout )\d+m/g, "8s", 1]] }, restarts: false, ends: 8, reload: asUnit };
    case "traefik": {
      // The output sets none: Traefik's own are for http.
      const own = "\n    transport: { respondingTimeouts: { readTimeout: 2s, writeTimeout: 2s, idleTimeout: 2s } }";
      return { makeRoom: () => undefined, limits: { file: "/etc/traefik/traefik.yml", values: [[/(?<=^    address: .*:(?:25|465|587|143|993|110|995|4190)"?)$/gm, own, 16]] }, restarts: true, ends: undefined, reload: () => byChange(file) };
    }
    default:
      throw new Error(`the tests do not know how ${proxyId} passes mail ports on`);
  }
}

/** What the head of nginx' file says for 2,000 sessions. */
function workerConnections(head: string): void {
  const [, connections, files] = /^# +(worker_connections \d+;) in events \{ \}, and (worker_rlimit_nofile \d+;)/m.exec(head) ?? [];
  if (connections === undefined || files === undefined) throw new Error("the head does not say how many connections nginx needs");
  const main = "/etc/nginx/nginx.conf";
  const stock = readFileSync(main, "utf8");
  writeFileSync(main, `${files}\n${stock.replace(/worker_connections \d+;/, connections)}`);
}
