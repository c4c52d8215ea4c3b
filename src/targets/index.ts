/** The targets, by their ID; the compiler refuses the table when it and the IDs disagree. */
import type { Target, TargetId } from "../core/target.ts";
import { apache } from "./apache.ts";
import { haproxy } from "./haproxy.ts";
import { mailcowConf } from "./mailcow-conf.ts";
import { nginx } from "./nginx.ts";

export const targets = {
  nginx,
  apache,
  haproxy,
  "mailcow-conf": mailcowConf,
} satisfies Record<TargetId, Target>;
