/** The sections of a description that only certain targets read, and these targets. */
import type { Description } from "../../generated/description.ts";
import { keysOf } from "../keys-of.ts";
import type { TargetId } from "../output/target-id.ts";

export const targetsOfSection = {
  rspamd: ["rspamd"],
  relayhost: ["relayhost"],
  syslog: ["rsyslog", "docker-logging"],
  fail2ban: ["fail2ban"],
  local_mta: ["local-mta"],
} as const satisfies Partial<Record<keyof Description, readonly TargetId[]>>;

export const sections = keysOf(targetsOfSection);
