/** The servers under test: how each is started, where it complains, and what another site in it looks like. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { run } from "./command.ts";
import { proxyId, type ProxyId } from "./description.ts";
import { scratch } from "./filesystem.ts";

/** Another site in the same server, with its own certificate and, where there is such a thing, the default role. */
export interface Neighbour {
  readonly name: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}

export interface Proxy {
  /** For sh, as the distribution's unit starts the server, but in the foreground. */
  readonly command: string;
  /** Files the server writes to beside its output. */
  readonly logs: readonly string[];
  /** Makes what the distribution's unit would have made before the start. */
  prepare(): Promise<void>;
  /** Switches on what warns by itself, without any site that uses it. */
  enableWhatWarns(): void;
  /** Adds another site, as its administrator would have before ours came. */
  addNeighbour(certificate: string, key: string): Neighbour;
}

const name = "neighbour.example.net";
const sharedPorts = { name, httpPort: 80, httpsPort: 443 };

const nginx: Proxy = {
  command: "exec nginx -g 'daemon off; master_process on;'",
  logs: ["/var/log/nginx/error.log"],
  prepare: () => Promise.resolve(),
  enableWhatWarns: () => undefined,
  addNeighbour(certificate, key) {
    writeFileSync("/etc/nginx/sites-available/neighbour", `
server {
    listen 80;
    listen [::]:80;
    server_name ${name};
    return 200 "neighbour on http\\n";
}
server {
    listen 443 ssl default_server;
    listen [::]:443 ssl default_server;
    server_name ${name};
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    return 200 "neighbour on https\\n";
}
`);
    symlinkSync("/etc/nginx/sites-available/neighbour", "/etc/nginx/sites-enabled/neighbour");
    return sharedPorts;
  },
};

const apache: Proxy = {
  command: ". /etc/apache2/envvars; exec apache2 -DFOREGROUND",
  logs: ["/var/log/apache2/error.log"],
  prepare: () => Promise.resolve(),
  // mod_ssl compares the library it was built with to the one it finds.
  enableWhatWarns: () => void run("a2enmod", "-q", "ssl"),
  addNeighbour(certificate, key) {
    mkdirSync("/var/www/neighbour", { recursive: true });
    writeFileSync("/var/www/neighbour/index.html", "neighbour\n");
    // The first in the alphabet is the default.
    writeFileSync("/etc/apache2/sites-available/000-neighbour.conf", `
<VirtualHost *:80>
    ServerName ${name}
    DocumentRoot /var/www/neighbour
</VirtualHost>
<VirtualHost *:443>
    ServerName ${name}
    DocumentRoot /var/www/neighbour
    SSLEngine on
    SSLCertificateFile ${certificate}
    SSLCertificateKeyFile ${key}
</VirtualHost>
`);
    run("a2enmod", "-q", "ssl");
    run("a2ensite", "-q", "000-neighbour");
    return sharedPorts;
  },
};

const haproxy: Proxy = {
  command: "set -a; EXTRAOPTS='-S /run/haproxy-master.sock'; CONFIG=/etc/haproxy/haproxy.cfg; . /etc/default/haproxy; " +
    "exec haproxy -Ws -f $CONFIG -p /run/haproxy.pid $EXTRAOPTS",
  logs: [`${scratch}/syslog`],
  // HAProxy runs in a chroot; the unit binds the log socket into it.
  prepare: () => syslog("/var/lib/haproxy/dev/log", `${scratch}/syslog`),
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
};

export const proxy: Proxy = ({ nginx, apache, haproxy } satisfies Record<ProxyId, Proxy>)[proxyId];

/** Whether a line of output or log is a warning or worse. */
export function isComplaint(line: string): boolean {
  return /\[(\w+:)?(warn|warning|error|crit|alert|emerg)\]|AH00558|^(warning|error)\b|<[0-4]>|failed/i.test(line);
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
  for (let tries = 0; tries < 200 && !existsSync(socket); tries++) await new Promise((done) => setTimeout(done, 10));
  run("chmod", "666", socket);
}
