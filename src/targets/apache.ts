/** The site in Apache's words. */
import template from "../../templates/apache/site.conf.hbs";
import type { Target } from "../core/target.ts";

export const apache: Target = {
  id: "apache",
  title: "Apache",
  versions: "",
  templates: { "site.conf.hbs": template },
  unsupported: () => [],
  fileName: (site) => `mailcow-${site.hostname}.conf`,
  installPath: (site) => `/etc/apache2/sites-available/mailcow-${site.hostname}.conf`,
  mode: "0644",
  validate: "apache2ctl -t",
  reload: "systemctl reload apache2",
  view: (site) => ({ hostname: site.hostname }),
};
