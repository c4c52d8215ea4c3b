/** HAProxy under test. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Directive } from "../../../lint/rule.ts";
import { parse } from "../../../lint/servers/haproxy.ts";
import { attempt, run } from "../command.ts";
import { platform } from "../description.ts";
import { scratch } from "../filesystem.ts";
import type { Proxy } from "../proxy.ts";
import { install as rhel, options } from "../rhel/haproxy.ts";
import { name } from "./neighbour.ts";

export const proxy: Proxy = {
  command: `if [ -e ${options} ]; then . ${options}; exec haproxy -Ws -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d -p /run/haproxy.pid $OPTIONS; fi; ` +
    "set -a; EXTRAOPTS='-S /run/haproxy-master.sock'; CONFIG=/etc/haproxy/haproxy.cfg; . /etc/default/haproxy; " +
    "exec haproxy -Ws -f $CONFIG -p /run/haproxy.pid $EXTRAOPTS",
  logs: [`${scratch}/syslog`],
  // HAProxy runs in a chroot; the unit binds the log socket into it.
  prepare: () => syslog("/var/lib/haproxy/dev/log", `${scratch}/syslog`),
  layouts: { rhel },
  enableWhatWarns: () => undefined,
  addNeighbour(certificate, key) {
    const pem = "/etc/haproxy/neighbour.pem";
    writeFileSync(pem, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"));
    // Two frontends cannot share a port by name.
    appendFileSync("/etc/haproxy/haproxy.cfg", `
frontend neighbour
\tbind 0.0.0.0:8088
\tbind [::]:8088 v6only
\tbind 0.0.0.0:8448 ssl crt ${pem}
\tbind [::]:8448 v6only ssl crt ${pem}
\tacl here hdr(host) -i ${name}
\thttp-request return status 200 content-type text/plain string neighbour if here
\thttp-request deny deny_status 403
`);
    return { name, httpPort: 8088, httpsPort: 8448 };
  },
  prepareForMany: (folder) => appendFileSync("/etc/default/haproxy", `EXTRAOPTS="-S /run/haproxy-master.sock -f ${folder}"\n`),
  makeRoom: () => undefined,
  reload: "kill -USR2 $(cat /run/haproxy.pid)",
  brokenPlace: "/etc/haproxy/conf.d/broken.cfg",
  ordinaryTimeout: /(?<=timeout server )300s/g,
  // It says so from 2.7 on, which the machine's own is not.
  readBack: platform === undefined ? undefined : readBack,
};

/** By the name of their defaults: HAProxy knows no files. */
function readBack(): ReadonlyMap<string, Directive[]> {
  // Having shown the words of each line it does nothing with them, and has no listener then.
  const { text } = attempt("haproxy", "-c", "-dC", "-f", "/etc/haproxy/haproxy.cfg", "-f", "/etc/haproxy/conf.d");
  const [dump, rest] = text.split("Configuration file has no error but will not start (no listener) => exit(2).");
  if (rest?.trim() !== "") throw new Error(`HAProxy does not show its configuration: ${text}`);
  const files = new Map<string, Directive[]>();
  let file: Directive[] = [];
  for (const section of parse(dump ?? "")) {
    if (section.name === "global") file = [];
    if (section.name === "defaults") files.set(section.value, file);
    file.push(section);
  }
  return files;
}

let collector: { kill(signal: "SIGKILL"): void } | undefined;
process.once("exit", () => collector?.kill("SIGKILL"));

/** Receives log datagrams, which Node cannot, and writes them to a file. */
async function syslog(socket: string, file: string): Promise<void> {
  collector?.kill("SIGKILL");
  const script = "my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!; " +
    "while (defined $s->recv(my $m, 65536)) { syswrite STDOUT, \"$m\\n\" }";
  collector = spawn("sh", ["-c", `exec perl -MIO::Socket::UNIX -e '${script}' "$1" >"$2"`, "sh", socket, file], { stdio: "ignore" });
  run("chmod", "755", "/var/lib/haproxy", "/var/lib/haproxy/dev");
  for (let tries = 0; tries < 6000 && !existsSync(socket); tries++) await new Promise((done) => setTimeout(done, 10));
  run("chmod", "666", socket);
}
