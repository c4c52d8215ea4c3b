/** The table of targets, in the order in which their files are listed. It does not compile if an ID of the schema's enum is missing. */
import { keysOf } from "../core/keys-of.ts";
import type { Target } from "../core/output/target.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { certbot } from "./certbot/index.ts";
import { dockerLogging } from "./docker-logging/index.ts";
import { fail2ban } from "./fail2ban/index.ts";
import { localMta } from "./local-mta/index.ts";
import { mailBans } from "./mail-bans/index.ts";
import { mailPorts } from "./mail-ports/index.ts";
import { mailcowConf } from "./mailcow-conf/index.ts";
import { relayhost } from "./relayhost/index.ts";
import { rspamd } from "./rspamd/index.ts";
import { rsyslog } from "./rsyslog/index.ts";
import { labelTargets, mailTargets, panelTargets, serverTargets } from "./servers.ts";
import { systemd } from "./systemd/index.ts";

export const targets: Readonly<Record<TargetId, Target>> = {
  ...serverTargets,
  "mailcow-conf": mailcowConf,
  rspamd,
  relayhost,
  "docker-logging": dockerLogging,
  "mail-ports": mailPorts,
  ...labelTargets,
  systemd,
  certbot,
  rsyslog,
  fail2ban,
  "local-mta": localMta,
  ...mailTargets,
  "mail-bans": mailBans,
  ...panelTargets,
};

export const targetIds = keysOf(targets);
