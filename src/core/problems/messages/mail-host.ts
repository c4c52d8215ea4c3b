/** Sentences on programs of mailcow's host: Rspamd's passwords, fail2ban and the local MTA. */
import { flow } from "../../yaml/flow.ts";
import { set } from "../edit.ts";
import type { MailHostProblems } from "../problem.ts";
import type { Writers } from "../writers.ts";
import { all } from "./words.ts";

export const mailHostMessages: Writers<keyof MailHostProblems> = {
  "rspamd-plain-password": ({ key }) => ({
    message: `${key} is not a hash; a password itself must not be in the description`,
    help: "run mailcow-proxy hash rspamd, or docker compose exec rspamd-mailcow rspamadm pw, and write the hash that it prints",
  }),
  "rspamd-hash": ({ key }) => ({
    message: `${key} is not a complete hash of Rspamd's own; Rspamd would accept the file, and refuse every password`,
    help: "run mailcow-proxy hash rspamd, and write all that it prints",
  }),
  "rspamd-read-only": () => ({
    message: "password alone allows everything: Rspamd lets it only look if there is an enable_password as well",
    help: "write enable_password as well, with the hash of another password",
  }),
  "rspamd-empty": () => ({
    message: "rspamd has no enable_password",
    help: "run mailcow-proxy hash rspamd, and write the hash that it prints as enable_password",
  }),
  "fail2ban-syslog": ({ missing, services }) =>
    services === undefined
      ? { message: "fail2ban reads the log that rsyslog writes, but there is no section syslog", help: "write syslog: { protocol: udp }, and the targets rsyslog and docker-logging", edits: [set("/syslog/protocol", "udp")] }
      : { message: `fail2ban would see no failed login, because the lines of ${all(missing)} are not sent to the log`, help: `write services: ${flow(services)}`, edits: [set("/syslog/services", services)] },
  "local-mta-hostname": ({ hostname }) => ({
    message: `${hostname} is mailcow's own name: Postfix would take mailcow's greeting for its own, and return all mail`,
    help: `write the name of the host itself, e.g. ${hostname.replace(/^[^.]*/, "host")}`,
  }),
};
