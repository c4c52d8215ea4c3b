/** nginx under test. */
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { parse } from "../../../lint/servers/nginx.ts";
import { run } from "../command.ts";
import { currentVersion } from "../description.ts";
import { install as nginxOrg } from "../nginx-org/nginx.ts";
import { install as rhel } from "../rhel/nginx.ts";
import type { Proxy } from "../proxy.ts";
import { byFile } from "./by-file.ts";
import { name, sharedPorts } from "./neighbour.ts";

export const proxy: Proxy = {
  command: "exec nginx -g 'daemon off; master_process on;'",
  logs: ["/var/log/nginx/error.log"],
  prepare() {
    // A module of the distribution's fits no other version.
    if (currentVersion !== undefined) rmSync("/etc/nginx/modules-enabled/50-mod-stream.conf", { force: true });
    return Promise.resolve();
  },
  layouts: { rhel, "nginx.org": nginxOrg },
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
  prepareForMany: () => undefined,
  makeRoom() {
    const sizes = ["variables_hash_max_size 8192", "server_names_hash_max_size 8192", "server_names_hash_bucket_size 128", "map_hash_bucket_size 256"];
    writeFileSync("/etc/nginx/conf.d/sizes.conf", sizes.map((size) => `${size};\n`).join(""));
  },
  reload: "kill -HUP $(cat /run/nginx.pid)",
  brokenPlace: "/etc/nginx/conf.d/broken.conf",
  ordinaryTimeout: /(?<=proxy_(?:read|send)_timeout )300s/g,
  readBack: () => byFile(run("nginx", "-T"), /^# configuration file (\S+):$/m, parse),
};
