/** Apache under test. */
import { mkdirSync, writeFileSync } from "node:fs";
import { parse } from "../../../lint/servers/apache.ts";
import { run } from "../command.ts";
import type { Proxy } from "../proxy.ts";
import { install as rhel, main } from "../rhel/apache.ts";
import { byFile } from "./by-file.ts";
import { name, sharedPorts } from "./neighbour.ts";

export const proxy: Proxy = {
  command: `if [ -e ${main} ]; then exec apache2 -f ${main} -DFOREGROUND; fi; . /etc/apache2/envvars; exec apache2 -DFOREGROUND`,
  logs: ["/var/log/apache2/error.log", "/var/log/httpd/error_log", "/var/log/httpd/ssl_error_log"],
  prepare: () => Promise.resolve(),
  layouts: { rhel },
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
  prepareForMany: () => void run("a2enmod", "-q", "headers", "http2", "proxy_http", "remoteip", "rewrite", "ssl"),
  makeRoom: () => undefined,
  reload: "kill -USR1 $(cat /run/apache2/apache2.pid)",
  brokenPlace: "/etc/apache2/sites-enabled/broken.conf",
  ordinaryTimeout: /(?<=timeout=)300\b/g,
  readBack: () => byFile(run("apache2ctl", "-t", "-D", "DUMP_CONFIG"), /^ *# In file: (\S+)$/m, parse),
};
