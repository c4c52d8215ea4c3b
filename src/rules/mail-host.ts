/** Checks the sections for programs of mailcow's host. */
import type { Rule } from "./rule.ts";

export const rspamdPasswords: Rule = {
  reads: ["/rspamd"],
  check({ site: { rspamd } }) {
    if (rspamd === undefined || rspamd.enablePassword !== undefined) return [];
    if (rspamd.password !== undefined) return [{ code: "rspamd-read-only", arguments: {}, place: { pointer: "/rspamd/password", on: "key" } }];
    return [{ code: "rspamd-empty", arguments: {}, place: { pointer: "/rspamd", on: "key" } }];
  },
};

/** Whose failed logins the filters of fail2ban find. */
const loggedIn = ["dovecot-mailcow", "postfix-mailcow"] as const;

export const fail2banSyslog: Rule = {
  reads: ["/fail2ban", "/syslog"],
  check({ site: { fail2ban, syslog } }) {
    if (fail2ban === undefined) return [];
    if (syslog === undefined) return [{ code: "fail2ban-syslog", arguments: { missing: loggedIn, services: undefined }, place: { pointer: "/fail2ban", on: "key" } }];
    const missing = loggedIn.filter((service) => !syslog.services.includes(service));
    if (missing.length === 0) return [];
    return [{ code: "fail2ban-syslog", arguments: { missing, services: [...syslog.services, ...missing] }, place: { pointer: "/syslog/services", on: "value" } }];
  },
};

export const localMtaHostname: Rule = {
  reads: ["/local_mta", "/hostname"],
  check({ site: { localMta, hostname } }) {
    if (localMta?.hostname !== hostname) return [];
    return [{ code: "local-mta-hostname", arguments: { hostname }, place: { pointer: "/local_mta/hostname", on: "value" } }];
  },
};
