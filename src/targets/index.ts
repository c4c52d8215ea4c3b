/** The targets, by their ID; the compiler refuses the table when it and the IDs disagree. */
import type { Target, TargetId } from "../core/target.ts";
import { apache } from "./apache.ts";
import { certbot } from "./certbot.ts";
import { haproxy } from "./haproxy.ts";
import { mailcowConf } from "./mailcow-conf.ts";
import { nginx } from "./nginx.ts";
import { systemd } from "./systemd.ts";

export const targets = {
  nginx,
  apache,
  haproxy,
  "mailcow-conf": mailcowConf,
  systemd,
  certbot,
} satisfies Record<TargetId, Target>;
