/** Checks the relayhost. */
import type { Problem } from "../core/problems/problem.ts";
import { servedBy } from "../core/site/resolve.ts";
import type { Rule } from "./rule.ts";

/** Postfix' SMTP client knows no TLS from the first byte on in mailcow's configuration. */
const wrapped = 465;

export const relayhostPort: Rule = {
  reads: ["/relayhost/port"],
  check: ({ site: { relayhost } }) => (relayhost?.port === wrapped ? [{ code: "relayhost-wrapped", arguments: { port: wrapped }, place: { pointer: "/relayhost/port", on: "value" } }] : []),
};

export const relayhostHost: Rule = {
  reads: ["/relayhost/host", "/hostname", "/mail_domains", "/additional_server_names", "/discovery", "/serve_hostname"],
  check({ site: { relayhost, hostname, names } }): Problem[] {
    if (relayhost === undefined) return [];
    const { host } = relayhost;
    const place = { pointer: "/relayhost/host", on: "value" } as const;
    if (host === hostname || servedBy(names)(host)) return [{ code: "relayhost-self", arguments: { host }, place }];
    return host.includes("myhostname") ? [{ code: "relayhost-name", arguments: { host }, place }] : [];
  },
};

export const relayhostLogin: Rule = {
  reads: ["/relayhost"],
  check({ description: { relayhost } }): Problem[] {
    if (relayhost === undefined) return [];
    const { username, password_file: file, password_variable: variable } = relayhost;
    const key = file === undefined && variable !== undefined ? "password_variable" : "password_file";
    const problem = (given: "username" | "password" | "both", at: string): Problem[] => [{ code: "relayhost-credentials", arguments: { given, key: at }, place: { pointer: `/relayhost/${given === "username" ? "username" : at}`, on: "key" } }];
    if (file !== undefined && variable !== undefined) return problem("both", "password_variable");
    const hasPassword = file !== undefined || variable !== undefined;
    if (hasPassword === (username !== undefined)) return [];
    return problem(hasPassword ? "password" : "username", key);
  },
};
