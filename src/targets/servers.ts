/** The table of targets that are servers. It does not compile if a row of src/core/site/servers.ts is missing. */
import type { ServerTarget } from "../core/output/target.ts";
import type { ServerId } from "../core/site/servers.ts";
import { apache } from "./apache/index.ts";
import { caddy } from "./caddy/index.ts";
import { opnsense, pfsense } from "./haproxy/firewalls.ts";
import { haproxy } from "./haproxy/index.ts";
import { haproxyMail } from "./haproxy/mail.ts";
import { nginx } from "./nginx/index.ts";
import { nginxMail } from "./nginx/mail.ts";
import { cloudpanel, ispconfig, plesk } from "./nginx/panels.ts";
import { proxyManager } from "./nginx/proxy-manager.ts";
import { traefik } from "./traefik/index.ts";
import { traefikLabels } from "./traefik/labels-target.ts";
import { traefikMail } from "./traefik/mail.ts";

export const serverTargets: Readonly<Record<ServerId, ServerTarget>> = {
  nginx,
  apache,
  haproxy,
  caddy,
  traefik,
};

/** The servers that read labels of mailcow's containers. */
export const labelTargets = { "traefik-labels": traefikLabels } as const;

/** The servers that pass the mail ports on. */
export const mailTargets = { "haproxy-mail": haproxyMail, "nginx-mail": nginxMail, "traefik-mail": traefikMail } as const;

/** The panels that own a server. */
export const panelTargets = { opnsense, pfsense, plesk, ispconfig, cloudpanel, "nginx-proxy-manager": proxyManager } as const;
