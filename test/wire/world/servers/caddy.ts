/** Caddy under test. */
import { readFileSync, writeFileSync } from "node:fs";
import { run } from "../command.ts";
import type { Proxy } from "../proxy.ts";
import { name, sharedPorts } from "./neighbour.ts";

const caddyfile = "/etc/caddy/Caddyfile";

export const proxy: Proxy = {
  // As the unit's user, with its one capability.
  command: `cd / && exec setpriv --reuid caddy --regid caddy --clear-groups --inh-caps=-all,+net_bind_service --ambient-caps=+net_bind_service env -i PATH="$PATH" HOME=/var/lib/caddy caddy run --config ${caddyfile}`,
  logs: [],
  // Authorities have ended OCSP; a site on the http port has no certificate; the options of other ports turn redirects off; no
  // authority answers here, and one of them wants an email address, which is the administrator's choice.
  everyday: /missing email address for ZeroSSL|HTTP\/[23] skipped because it requires TLS|no OCSP server specified in certificate|server is listening only on the HTTP port|automatic HTTP->HTTPS redirects are disabled|"logger":"[^"]*(?:tls|acme)[^"]*".*network is unreachable/,
  prepare: () => Promise.resolve(),
  layouts: {},
  // The first site with TLS tells of the machine's small buffers for HTTP/3.
  enableWhatWarns: () => writeFileSync(caddyfile, `${readFileSync(caddyfile, "utf8")}\nhttps://localhost:8449 {\n\ttls internal\n}\n`),
  addNeighbour(certificate, key) {
    run("chown", "caddy", certificate, key);
    // The first in the file answers for all names.
    writeFileSync(caddyfile, `${readFileSync(caddyfile, "utf8").replace(/^:80 \{/m, ":80 {\n\theader X-Site stock")}
http://${name} {
\trespond "neighbour on http"
}
https://${name} {
\ttls ${certificate} ${key}
\trespond "neighbour on https"
}
`);
    return sharedPorts;
  },
  prepareForMany() {
    // Caddy warns of a pattern without files.
    writeFileSync("/etc/caddy/none.options", "# None.\n");
    writeFileSync(caddyfile, `{\n\timport *.options\n}\n${readFileSync(caddyfile, "utf8")}\nimport Caddyfile.d/*.caddyfile\n`);
  },
  makeRoom: () => undefined,
  reload: `HOME=/var/lib/caddy caddy reload --config ${caddyfile} --force >/dev/null 2>&1`,
  brokenPlace: "/etc/caddy/Caddyfile.d/broken.caddyfile",
  ordinaryTimeout: /(?<=response_header_timeout )300s/g,
  readBack: undefined,
};
