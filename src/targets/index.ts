/** The targets, by their ID; the compiler refuses the table when it and the IDs disagree. */
import type { Target, TargetId } from "../core/output/target.ts";
import { apache } from "./apache/index.ts";
import { certbot } from "./certbot/index.ts";
import { haproxy } from "./haproxy/index.ts";
import { mailcowConf } from "./mailcow-conf/index.ts";
import { nginx } from "./nginx/index.ts";
import { systemd } from "./systemd/index.ts";

export const targets = {
  nginx,
  apache,
  haproxy,
  "mailcow-conf": mailcowConf,
  systemd,
  certbot,
} satisfies Record<TargetId, Target>;
