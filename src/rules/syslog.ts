/** Checks the port on which rsyslog listens. */
import type { Problem } from "../core/problems/problem.ts";
import { hostKeys } from "../core/site/same-host.ts";
import { publishedPort, proxyPorts } from "./ports.ts";
import type { Rule } from "./rule.ts";

const loopback = "127.0.0.1";

/** Only TCP ports: mailcow and the proxy have no UDP port on mailcow's host. */
export const syslogPort: Rule = {
  reads: ["/syslog/port", "/syslog/protocol", "/mailcow/http", "/mailcow/https", "/proxy/http_port", "/proxy/https_port", "/proxy/listen", "/proxy/tls_ends", ...hostKeys],
  check({ site }): Problem[] {
    const { syslog, mailcow, proxy } = site;
    if (syslog?.protocol !== "tcp") return [];
    const onLoopback = (listeners: readonly { readonly address: string }[]) => listeners.some(({ address }) => address === loopback || address === "0.0.0.0");
    const webs = [mailcow.http, mailcow.https].filter(({ addresses }) => onLoopback(addresses)).map(({ port }) => port);
    const fronts = proxy.sharesHost && onLoopback(proxy.listen) ? proxyPorts(site).map(({ port }) => port) : [];
    const service = publishedPort(syslog.port, [loopback]) ?? (webs.includes(syslog.port) ? "mailcow's nginx" : fronts.includes(syslog.port) ? "the proxy" : undefined);
    return service === undefined ? [] : [{ code: "syslog-port", arguments: { port: syslog.port, service }, place: { pointer: "/syslog/port", on: "value" } }];
  },
};
