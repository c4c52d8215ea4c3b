/** The site in HAProxy's words. */
import template from "../../templates/haproxy/site.cfg.hbs";
import type { Target } from "../core/target.ts";

export const haproxy: Target = {
  id: "haproxy",
  title: "HAProxy",
  versions: "",
  templates: { "site.cfg.hbs": template },
  unsupported: () => [],
  fileName: (site) => `mailcow-${site.hostname}.cfg`,
  installPath: (site) => `/etc/haproxy/mailcow-${site.hostname}.cfg`,
  mode: "0644",
  validate: "haproxy -c -f /etc/haproxy/haproxy.cfg",
  reload: "systemctl reload haproxy",
  view: (site) => ({ hostname: site.hostname }),
};
