/** The proxy and mailcow on one host cannot listen on the same address and port. */
import { bracketed, overlap } from "../core/network.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Listener } from "../core/site/site.ts";
import { type PortPointer, freePort, proxyPorts, usualPorts } from "./ports.ts";
import type { Rule } from "./rule.ts";

export const listenConflict: Rule = {
  reads: ["/mailcow/http", "/mailcow/https", "/proxy/listen", "/proxy/http_port", "/proxy/https_port", "/proxy/public_https_port", "/proxy/upstream", "/proxy/addresses", "/proxy/tls_ends"],
  check({ site, description: { proxy: { public_https_port: publicPort } } }) {
    // A container has addresses of its own.
    if (!site.proxy.sharesHost || site.proxy.isContainer) return [];
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
        const reported = listener.port === usualPorts[pointer] ? proxy.pointer : pointer;
        const change = (moved: PortPointer) => ({ pointer: moved, suggestion: freePort(site, moved) });
        // A proxy's port that is mapped to another one is meant as it is. Otherwise, it may be: http_port has no key for its public port.
        const isMapped = reported === proxy.pointer && publicPort !== undefined;
        const moved = change(isMapped ? pointer : reported);
        const other = reported === proxy.pointer && !isMapped ? change(pointer) : undefined;
        return [{ code: "listen-conflict", arguments: { address: bracketed(address), port: listener.port, moved, other }, place: { pointer: reported, on: "value" } }];
      }),
    );
  },
};

function stands(own: Listener, theirs: Listener): boolean {
  return overlap({ text: own.address, family: own.family }, { text: theirs.address, family: theirs.family });
}
