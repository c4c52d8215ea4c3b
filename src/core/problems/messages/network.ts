/** Sentences on ports, addresses and the way to mailcow. */
import { flow } from "../../yaml/flow.ts";
import { beside, remove, set } from "../edit.ts";
import type { NetworkProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";
import { all, dotted, keyOf } from "./words.ts";

export const networkMessages: Writers<keyof NetworkProblems> = {
  "entry-point-taken": ({ name, other }, at) => ({
    message: `two entry points would have the name ${name}`,
    help: `write another name, e.g. ${other}`,
    edits: [set(at, other)],
  }),
  "port-reserved": ({ port, use, suggestion }, at) => ({
    message: `mailcow's nginx already uses port ${port} inside its container: ${use}`,
    help: `use another port, e.g. ${suggestion}`,
    edits: [set(at, suggestion)],
  }),
  "port-published": ({ port, service, suggestion }, at) => ({
    message: `mailcow already publishes ${service} on port ${port}`,
    help: `use another port, e.g. ${suggestion}`,
    edits: [set(at, suggestion)],
  }),
  "ports-equal": ({ port, other, suggestion }, at) => ({
    message: `port ${port} is already used for ${other}`,
    help: `use another port, e.g. ${suggestion}`,
    edits: [set(at, suggestion)],
  }),
  "listen-conflict": ({ address, port, moved, other }, at) => ({
    message: `the proxy and mailcow would both listen on ${address} port ${port}`,
    help: `write ${moved.pointer === at ? keyOf(at) : dotted(moved.pointer)}: ${moved.suggestion}${other === undefined ? "" : ` or ${dotted(other.pointer)}: ${other.suggestion}`}, or, if mailcow is on another host, write its address in proxy.upstream.address`,
    edits: [set(moved.pointer, moved.suggestion)],
  }),
  "bind-unreachable": ({ address, bind, listeners, named, given, container }, at) => {
    const message = given
      ? `the proxy would reach mailcow at ${address}, but mailcow listens only on ${bind}`
      : `the proxy is on another host, and cannot reach mailcow's ${all(listeners)} listener on ${bind}`;
    if (named) return { message, help: `write the address that ${address} has in ${all(listeners.map((key) => `mailcow.${key}.bind`))}` };
    const binds = listeners.map((key) => `mailcow.${key}.bind: ${flow(address)}`).join(" and ");
    // A container's address is not one of the host's, so Docker cannot publish a port on it.
    if (container) return { message, help: `if ${address} is a container's address, on which Docker cannot publish ports, remove proxy.upstream.address; if it is an address of mailcow's host, write ${binds}`, edits: [remove(at)] };
    return { message, help: `write mailcow's address on that network: ${binds}`, edits: listeners.map((key) => set(`/mailcow/${key}/bind`, address)) };
  },
  "upstream-loop": ({ name }) => ({
    message: `clients reach the proxy as ${name}, so its own requests would come back to it`,
    help: "write mailcow's IP address, or, if the proxy is a container on mailcow's network, nginx-mailcow",
  }),
  "resolver-unused": ({ address }, at) => ({
    message: `resolver has no effect, because ${address === undefined ? "proxy.upstream.address is missing" : `${address} is not a host name`}`,
    help: "remove resolver, or write a host name in proxy.upstream.address",
    edits: [remove(at)],
  }),
  "resolver-missing": warning(({ name, resolver }) => ({
    message: `the proxy would ask ${resolver} for ${name}: that is Docker's DNS server, which only containers can reach`,
    help: `write the DNS server of the proxy's host, e.g. proxy.upstream.resolver: 192.0.2.53, or ${resolver} if the proxy is a container`,
  })),
  "discovery-port": warning(({ port, mapped, before }, at) => ({
    message: `mail clients and servers ask for autodiscover and mta-sts only on port 443, but ${mapped ? "clients use" : "the proxy listens on"} port ${port}`,
    help: before
      ? "let the proxy in front use port 443, and write public_https_port: 443"
      : mapped ? "map port 443 of the public address to https_port, and write public_https_port: 443" : "write https_port: 443, or, if port 443 of the public address is mapped to this port, public_https_port: 443",
    edits: [set(at, 443)],
  })),
  "trusts-everyone": ({ network, key }) => ({
    message: `${network} includes clients, which could then forge the address mailcow sees`,
    help: `write only the proxy's own network in ${key}`,
  }),
  "verify-unused": (_facts, at) => ({
    message: "verify has no effect while proxy.upstream.scheme is http",
    help: "remove verify, or write scheme: https",
    edits: [remove(at)],
  }),
  "bind-public": warning(({ bind, key, elsewhere }, at) => ({
    message: `${key} ${bind === "" ? '"" (every address)' : bind} can be reached from outside, so clients can bypass the proxy`,
    ...(elsewhere ? { help: "block the port for everyone but the proxy" } : { help: "write bind: 127.0.0.1, or block the port for everyone but the proxy", edits: [set(at, "127.0.0.1")] }),
  })),
  "bind-ipv6": warning(({ bind, elsewhere }, at) => ({
    message: `Docker publishes mailcow on ${bind} only with a compose override, and may hide the addresses of IPv6 clients`,
    ...(elsewhere ? { help: "write an IPv4 address of mailcow's host; the proxy still serves IPv6 clients" } : { help: "write bind: 127.0.0.1; the proxy still serves IPv6 clients", edits: [set(at, "127.0.0.1")] }),
  })),
  "addresses-missing": warning(({ address }) => ({
    message: `mailcow at ${address} may not trust the proxy, and would then log and ban the proxy instead of clients`,
    help: "write the address from which the proxy connects to mailcow, e.g. proxy.addresses: [203.0.113.7]",
  })),
  "upstream-unverified": warning(({ address, authorities }, at) => ({
    message: `TLS to ${address} is not verified, so anyone in between can read the traffic`,
    help: `write verify: ${authorities}, or the path of a file with mailcow's own CA`,
    edits: [set(beside(at, "verify"), authorities)],
  })),
  "upstream-plain": warning(({ address, httpsBind }, at) => ({
    message: `passwords and mail are sent to ${address} unencrypted, over a network that others may read`,
    help: `write scheme: https${httpsBind === undefined ? "" : ` and mailcow.https.bind: ${flow(httpsBind)}`}`,
    edits: [set(beside(at, "scheme"), "https"), ...(httpsBind === undefined ? [] : [set("/mailcow/https/bind", httpsBind)])],
  })),
  "addresses-elsewhere": warning(({ address, upstream }, at) => ({
    message: `the proxy is on mailcow's host, because it reaches mailcow at ${upstream}, but ${address} is another host's address`,
    help: "remove addresses, or, if the proxy is on another host, write where it reaches mailcow in proxy.upstream.address",
    edits: [remove(at)],
  })),
  "mail-passes-by": note(({ elsewhere }) => ({
    message: `the described names lead to ${elsewhere ? "the proxy's host" : "what is in front of the proxy"}, but mail must still reach mailcow: the proxy does not pass SMTP and IMAP`,
    help: "forward the mail ports to mailcow, or list the names that lead to mailcow itself: certificate_names: [\"imap.*\", \"smtp.*\"]",
  })),
};
