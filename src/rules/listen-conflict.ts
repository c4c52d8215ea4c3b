/** The proxy and mailcow on one host cannot listen on the same address and port. */
import { bracketed, overlap } from "../core/network.ts";
import type { Problem } from "../core/problem.ts";
import type { Endpoint, Listener } from "../core/site.ts";
import type { Rule } from "./rule.ts";
import { proxySharesHost } from "./same-host.ts";

export const listenConflict: Rule = {
  reads: ["/mailcow/http", "/mailcow/https", "/proxy/listen", "/proxy/http_port", "/proxy/https_port", "/proxy/upstream/address"],
  check(checked) {
    if (!proxySharesHost(checked)) return [];
    const { site } = checked;
    const theirs = [
      { pointer: "/mailcow/http/port", endpoint: site.mailcow.http, usual: 8080 },
      { pointer: "/mailcow/https/port", endpoint: site.mailcow.https, usual: 8443 },
    ];
    const ours = [
      { pointer: "/proxy/http_port", port: site.httpPort, usual: "http_port: 80" },
      { pointer: "/proxy/https_port", port: site.httpsPort, usual: "https_port: 443" },
    ];
    return theirs.flatMap(({ pointer, endpoint, usual }) =>
      ours.flatMap((proxy): Problem[] => {
        if (proxy.port !== endpoint.port || !site.listeners.some((listener) => stands(listener, endpoint))) return [];
        // Of two ports that collide, the one that was moved from its default is the one to move.
        const moved = endpoint.port === usual ? { pointer: proxy.pointer, suggestion: proxy.usual } : { pointer, suggestion: `port: ${usual}` };
        const facts = { address: bracketed(endpoint), port: endpoint.port, suggestion: moved.suggestion };
        return [{ code: "listen-conflict", arguments: facts, place: { pointer: moved.pointer, on: "value" } }];
      }),
    );
  },
};

function stands(listener: Listener, endpoint: Endpoint): boolean {
  return overlap({ text: listener.address, family: listener.family }, { text: endpoint.address, family: endpoint.family });
}
