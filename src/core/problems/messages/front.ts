/** Sentences on what stands in front of the proxy. */
import { remove, set } from "../edit.ts";
import type { FrontProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";
import { keyOf } from "./words.ts";

export const frontMessages: Writers<keyof FrontProblems> = {
  "proxy-protocol-nobody": () => ({
    message: "PROXY protocol is accepted, but proxy.trusted_proxies lists no peer that may send it",
    help: "write the load balancer's address, e.g. trusted_proxies: [198.51.100.7]",
  }),
  "front-limits": note(({ title, seconds, megabytes, plans, page }) => ({
    message: `${title} waits ${seconds} seconds for an answer, so ActiveSync's long requests fail, and refuses bodies of more than ${megabytes} MB on its ${plans} plans`,
    help: `let phones use a name that does not go through ${title}: see ${page}`,
  })),
  "tls-before-nobody": () => ({
    message: "TLS ends in a proxy in front, but proxy.trusted_proxies does not list it",
    help: "write the address from which it connects, e.g. trusted_proxies: [10.0.0.7]",
  }),
  "tls-before-protocol": (_facts, at) => ({
    message: "PROXY protocol does not say whether the client used https, which tls_ends: before needs to know",
    help: "write accept: false, and let the proxy in front send X-Forwarded-For and X-Forwarded-Proto",
    edits: [set(at, false)],
  }),
  "tls-before-unused": ({ key }, at) => ({
    message: `${key} has no effect with proxy.tls_ends: before, because then the proxy has no TLS`,
    help: `remove ${keyOf(at)}, or write tls_ends: here`,
    edits: [remove(at)],
  }),
  "tls-before-target": ({ target }) => ({
    message: `the target ${target} is for the proxy's certificate, but with proxy.tls_ends: before the proxy has none`,
    help: "remove the target; there is nothing to reload after a renewal",
  }),
  "tls-before-public": warning(({ network }) => ({
    message: `${network} connects over a network that others may read, and with tls_ends: before passwords and mail cross it unencrypted`,
    help: "write tls_ends: here and let the proxy in front use https, or connect the two with a tunnel or VPN",
  })),
  "trusts-host": note(({ network }) => ({
    message: `every program on this host can connect from ${network}, and is trusted to tell the client's address and that the client used https`,
  })),
};
