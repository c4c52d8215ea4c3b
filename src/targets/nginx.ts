/** The site in nginx's words. */
import template from "../../templates/nginx/site.conf.hbs";
import type { Target } from "../core/target.ts";

export const nginx: Target = {
  id: "nginx",
  title: "nginx",
  versions: "",
  templates: { "site.conf.hbs": template },
  unsupported: () => [],
  fileName: (site) => `mailcow-${site.hostname}.conf`,
  installPath: (site) => `/etc/nginx/sites-available/mailcow-${site.hostname}.conf`,
  mode: "0644",
  validate: "nginx -t",
  reload: "systemctl reload nginx",
  view: (site) => ({ hostname: site.hostname }),
};
