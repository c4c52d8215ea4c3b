/** The proxy and mailcow on one host cannot listen on the same address and port. */
import { bracketed, overlap } from "../core/network.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Listener } from "../core/site/site.ts";
import { freePort, proxyPorts, usualPorts } from "./ports.ts";
import type { Rule } from "./rule.ts";

export const listenConflict: Rule = {
  reads: ["/mailcow/http", "/mailcow/https", "/proxy/listen", "/proxy/http_port", "/proxy/https_port", "/proxy/upstream", "/proxy/addresses", "/proxy/tls_ends"],
  check(checked) {
    if (!checked.site.proxy.sharesHost) return [];
    const { site } = checked;
    const theirs = [
      { pointer: "/mailcow/http/port", listener: site.mailcow.http },
      { pointer: "/mailcow/https/port", listener: site.mailcow.https },
    ] as const;
    const ours = proxyPorts(site);
    return theirs.flatMap(({ pointer, listener }) =>
      ours.flatMap((proxy): Problem[] => {
        const address = listener.addresses.find((theirs) => site.proxy.listen.some((own) => stands(own, theirs)));
        if (proxy.port !== listener.port || address === undefined) return [];
        // Report the port that is not the default.
        const moved = listener.port === usualPorts[pointer] ? proxy.pointer : pointer;
        const facts = { address: bracketed(address), port: listener.port, suggestion: freePort(site, moved) };
        return [{ code: "listen-conflict", arguments: facts, place: { pointer: moved, on: "value" } }];
      }),
    );
  },
};

function stands(own: Listener, theirs: Listener): boolean {
  return overlap({ text: own.address, family: own.family }, { text: theirs.address, family: theirs.family });
}
