/** The proxy and mailcow on one host cannot listen on the same address and port. */
import { bracketed, overlap } from "../core/network.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Listener } from "../core/site/site.ts";
import type { Rule } from "./rule.ts";

export const listenConflict: Rule = {
  reads: ["/mailcow/http", "/mailcow/https", "/proxy/listen", "/proxy/http_port", "/proxy/https_port", "/proxy/upstream/address"],
  check(checked) {
    if (!checked.site.proxy.sharesHost) return [];
    const { site } = checked;
    const theirs = [
      { pointer: "/mailcow/http/port", listener: site.mailcow.http, usual: 8080 },
      { pointer: "/mailcow/https/port", listener: site.mailcow.https, usual: 8443 },
    ];
    const ours = [
      { pointer: "/proxy/http_port", port: site.proxy.httpPort, usual: "http_port: 80" },
      { pointer: "/proxy/https_port", port: site.proxy.httpsPort, usual: "https_port: 443" },
    ];
    return theirs.flatMap(({ pointer, listener, usual }) =>
      ours.flatMap((proxy): Problem[] => {
        const address = listener.addresses.find((theirs) => site.proxy.listen.some((own) => stands(own, theirs)));
        if (proxy.port !== listener.port || address === undefined) return [];
        // Report the port that is not the default.
        const moved = listener.port === usual ? { pointer: proxy.pointer, suggestion: proxy.usual } : { pointer, suggestion: `port: ${usual}` };
        const facts = { address: bracketed(address), port: listener.port, suggestion: moved.suggestion };
        return [{ code: "listen-conflict", arguments: facts, place: { pointer: moved.pointer, on: "value" } }];
      }),
    );
  },
};

function stands(own: Listener, theirs: Listener): boolean {
  return overlap({ text: own.address, family: own.family }, { text: theirs.address, family: theirs.family });
}
