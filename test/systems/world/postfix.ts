/** Instances of Postfix with configurations of their own, and a server for their logins. */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { type Server, type Socket, createServer } from "node:net";
import { createInterface } from "node:readline";
import { attempt, run } from "../../wire/world/command.ts";
import { scratch } from "../../wire/world/filesystem.ts";
import { type ServerProcess, startProcess } from "../../wire/world/process.ts";
import { until } from "./output.ts";

/** As in Debian's master.cf, without listeners. */
const services = `
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** Writes a file with an old time: Postfix waits two seconds before it reads a file that may still be being written. */
export function writeAged(path: string, content: string): void {
  writeFileSync(path, content);
  age(path);
}

export function age(path: string): void {
  const then = Date.now() / 1000 - 60;
  utimesSync(path, then, then);
}

export interface Postfix {
  readonly folder: string;
  /** What it has logged so far. */
  readonly log: string;
  /** Hands in a mail. */
  send(from: string, to: string): void;
  /** The line about a recipient's delivery that has one of these states. */
  delivery(to: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * @param mainCf below the values that keep instances apart
 * @param listeners addresses with ports, each with values of its own
 * @param further lines of master.cf, and a command that runs another one, in a network namespace
 */
export async function startPostfix(name: string, mainCf: string, listeners: Readonly<Record<string, readonly string[]>> = {}, { masterCf = "", inside = "" } = {}): Promise<Postfix> {
  const folder = `${scratch}/${name}`;
  for (const below of ["", "/queue", "/data"]) mkdirSync(`${folder}${below}`, { recursive: true });
  run("chown", "postfix:root", `${folder}/data`);
  const log = `/var/log/${name}.log`;
  writeAged(`${folder}/main.cf`, `compatibility_level = 3.6\nqueue_directory = ${folder}/queue\ndata_directory = ${folder}/data\nmaillog_file = ${log}\ninet_protocols = ipv4\nalias_maps =\nalias_database =\nmydestination =\n${mainCf}`);
  const inet = Object.entries(listeners).map(([listener, values]) => `${listener} inet n - n - - smtpd${values.map((value) => ` -o ${value}`).join("")}\n`);
  writeFileSync(`${folder}/master.cf`, `${inet.join("")}${masterCf.trimStart()}${services.trimStart()}`);
  writeFileSync(log, "");
  const read = () => readFileSync(log, "utf8");
  const server: ServerProcess = startProcess(`exec ${inside} postfix -c ${folder} start-fg`);
  await until(`the start of Postfix ${name}`, () => {
    if (!server.running) throw new Error(`Postfix has ended:\n${server.printed}${read()}`);
    return /daemon started/.test(read());
  });
  return {
    folder,
    get log() {
      return read();
    },
    send(from, to) {
      run("sh", "-c", `printf 'Subject: test\\n\\nBody\\n' | sendmail -C ${folder} -f ${from} ${to}`);
    },
    delivery: (to) => until(`a delivery to ${to}`, () => read().split("\n").find((line) => line.includes(`to=<${to}>`) && line.includes("status="))),
    stop: async () => {
      attempt("postfix", "-c", folder, "stop");
      await server.stop();
    },
  };
}

/** What `postconf -n` says of a main.cf: its status, and its complaints. */
export function checkMainCf(content: string): { status: number; text: string } {
  const folder = `${scratch}/checked`;
  mkdirSync(folder, { recursive: true });
  writeAged(`${folder}/main.cf`, content);
  writeFileSync(`${folder}/master.cf`, "");
  return attempt("postconf", "-c", folder, "-n");
}

/** Answers Postfix's smtpd as Dovecot does, and keeps the logins. */
export async function startLogins(port: number, accepted: string): Promise<{ readonly tried: string[]; stop(): void }> {
  const tried: string[] = [];
  const answer = (socket: Socket) => {
    socket.write("VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n");
    createInterface({ input: socket }).on("line", (line) => {
      const [word, id, , ...fields] = line.split("\t");
      if (word !== "AUTH") return;
      const [, user = "", password = ""] = Buffer.from(fields.find((field) => field.startsWith("resp="))?.slice(5) ?? "", "base64").toString().split("\0");
      tried.push(`${user} ${password}`);
      socket.write(`${user} ${password}` === accepted ? `OK\t${id}\tuser=${user}\n` : `FAIL\t${id}\tuser=${user}\n`);
    });
    socket.on("error", () => {});
  };
  const server: Server = createServer(answer);
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return { tried, stop: () => void server.close() };
}
