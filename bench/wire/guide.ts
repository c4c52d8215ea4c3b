/** Installs a configuration with just the directives of the guide's snippet beside the distribution's own. */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { run } from "../../test/wire/world/command.ts";
import type { ServerId } from "../../src/core/site/servers.ts";
import { proxyId } from "../../test/wire/world/description.ts";
import { prepareFolder } from "../../test/wire/world/filesystem.ts";

const installers: Readonly<Partial<Record<ServerId, (folder: string, certificate: string) => void>>> = {
  nginx: (folder) => cpSync(`${folder}/nginx.conf`, "/etc/nginx/sites-enabled/mailcow"),
  apache(folder) {
    cpSync(`${folder}/apache.conf`, "/etc/apache2/sites-available/mailcow.conf");
    run("a2enmod", "-q", "ssl", "proxy_http", "headers", "rewrite");
    run("a2ensite", "-q", "mailcow");
  },
  traefik: (folder) => cpSync(`${folder}/traefik.yml`, "/etc/traefik/dynamic/mailcow.yml"),
  haproxy(folder, certificate) {
    appendFileSync("/etc/haproxy/haproxy.cfg", readFileSync(`${folder}/haproxy.cfg`));
    const pem = "/etc/ssl/private/mailcow.pem";
    prepareFolder(pem);
    writeFileSync(pem, certificate);
  },
  caddy(folder, certificate) {
    appendFileSync("/etc/caddy/Caddyfile", readFileSync(`${folder}/mailcow.caddyfile`));
    writeFileSync("/etc/caddy/mailcow.pem", certificate);
    run("chown", "caddy", "/etc/caddy/mailcow.pem");
  },
};

/**
 * @param folder with the snippets
 * @param certificate with its key, PEM
 */
export function installGuide(folder: string, certificate: string): void {
  const installer = installers[proxyId];
  if (installer === undefined) throw new Error(`the guide has no snippet for ${proxyId}`);
  installer(folder, certificate);
}
