/** The values in mailcow.conf that have to fit the proxy. */
import template from "../../templates/mailcow-conf/mailcow.conf.hbs";
import type { Target } from "../core/target.ts";

export const mailcowConf: Target = {
  id: "mailcow-conf",
  title: "mailcow.conf",
  versions: "of mailcow 2025-09 and later",
  templates: { "mailcow.conf.hbs": template },
  several: "apart",
  unsupported: () => [],
  files: ([{ fileStem, mailcow }]) => [
    {
      template: "mailcow.conf.hbs",
      name: `${fileStem}.conf`,
      installPath: `${mailcow.directory}/mailcow.conf`,
      // It holds passwords once it is merged into the real one.
      mode: "0600",
      validate: undefined,
      reload: "docker compose up -d",
    },
  ],
  view: ([site]) => ({
    hostname: site.hostname,
    http: site.mailcow.http,
    https: site.mailcow.https,
    additionalServerNames: site.additionalServerNames.join(","),
    trustedProxies: site.addresses.join(","),
    directory: site.mailcow.directory,
    ownCertificates: site.tls.issuer === "mailcow",
    sni: site.tls.domains.length > 0,
    certbot: site.tls.issuer === "certbot",
    proxyProtocol: site.proxyProtocol.send,
  }),
};
