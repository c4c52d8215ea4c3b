/** Sentences on single keys and values. */
import { hostNameMessage } from "./host-name.ts";
import { flow } from "../../yaml/flow.ts";
import { type Edit, beside, move, remove, set } from "../edit.ts";
import type { AddressFault, KeySuggestion, MeantAs, NetworkFault, ShapeProblems } from "../problem.ts";
import type { Message, Writers } from "../writers.ts";
import { alternatives } from "./words.ts";

/** The address in its own key, as words and as an edit of the port at a pointer. */
function withAddress(key: "bind" | "listen", address: string, at: string): { readonly words: string; readonly edit: Edit } {
  const value = key === "listen" ? [address] : address;
  return { words: `${key}: ${flow(value)}`, edit: set(beside(at, key), value) };
}

/** Addresses that a server cannot listen on or be reached at. */
const addressFaults: { readonly [K in AddressFault["kind"]]?: string } = {
  group: "a multicast or broadcast address",
  "link-local": "a link-local address, which needs an interface name that servers do not accept",
  mapped: "an IPv4 address in IPv6 form",
};

function isResolver(at: string): boolean {
  return at === "/proxy/upstream/resolver";
}

function addressHelp(fault: AddressFault, at: string): Omit<Message, "message"> {
  switch (fault.kind) {
    case "name":
      if (at === "/proxy/upstream/address") return { help: "write an IP address, or a host name that is not a number" };
      if (isResolver(at)) return { help: "write its IP address, because a DNS server's own name cannot be looked up" };
      return { help: "write the IP address; servers look names up only once, when they start" };
    case "localhost":
      if (at === "/proxy/upstream/address") return { help: "write 127.0.0.1", edits: [set(at, "127.0.0.1")] };
      if (isResolver(at)) return { help: "write 127.0.0.1", edits: [set(at, "127.0.0.1")] };
      return { help: "write 127.0.0.1; servers look names up only once, when they start", edits: [set(at, "127.0.0.1")] };
    case "asterisk":
      if (at === "/proxy/upstream/address") return { help: "write the one IP address or host name at which the proxy reaches mailcow" };
      return { help: 'write 0.0.0.0 for all IPv4 addresses, "::" for all IPv6 addresses', edits: [set(at, "0.0.0.0")] };
    case "group":
      return { help: "write the address of one host" };
    case "link-local":
      return { help: "use a global address, or one from fc00::/7" };
    case "port":
      return { help: `write ${fault.instead}; ${isResolver(at) ? "a DNS server is always asked on port 53" : "the port has its own key"}`, edits: [set(at, fault.instead)] };
    case "zone":
      return { help: `write ${fault.instead}, without the zone`, edits: [set(at, fault.instead)] };
    case "mapped":
      return { help: `write the IPv4 address: ${fault.instead}`, edits: [set(at, fault.instead)] };
    case "other":
      return { help: "write an IP address, e.g. 192.0.2.10 or 2001:db8::10" };
  }
}

/** Networks that no peer can be in, or that have to be written in another form. */
const networkFaults: { readonly [K in NetworkFault["kind"]]?: string } = {
  broadcast: "the broadcast address, which no host has",
  mapped: "an IPv4 network in IPv6 form",
};

function networkHelp(fault: NetworkFault, at: string): Omit<Message, "message"> {
  if (fault.kind === "broadcast") return { help: "write the network you mean, e.g. 192.0.2.0/24, or remove the entry" };
  if (fault.kind === "everyone") return { help: "write all", edits: [set(at, "all")] };
  if (!("instead" in fault) || fault.instead === undefined) return { help: "write an address, or a network in CIDR notation, e.g. 192.0.2.0/24" };
  const help = fault.kind === "zone" ? `write ${fault.instead}, without the zone` : `write the IPv4 network: ${fault.instead}`;
  return { help, edits: [set(at, fault.instead)] };
}

/** A mapping, for a sentence. */
function nameOf(mapping: string): string {
  return mapping === "" ? "the top level" : mapping.slice(1).replaceAll("/", ".");
}

function keyHelp(key: string, suggestion: KeySuggestion, at: string): Omit<Message, "message"> {
  if (suggestion.kind === "similar") {
    if (suggestion.given) return { help: `did you mean ${suggestion.key}? It is already given, so remove this one`, edits: [remove(at)] };
    return { help: `did you mean ${suggestion.key}?`, edits: [move(at, beside(at, suggestion.key))] };
  }
  const [mapping, ...others] = suggestion.mappings;
  if (mapping === undefined || others.length > 0) return { help: `move it to ${alternatives(suggestion.mappings.map(nameOf))}` };
  if (suggestion.given) return { help: `remove it here; ${key} is already given ${mapping === "" ? "at" : "in"} ${nameOf(mapping)}`, edits: [remove(at)] };
  return { help: `move ${key} to ${nameOf(mapping)}`, edits: [move(at, `${mapping}/${key}`)] };
}

/** What to do about a word that stands for something known, where no single word is meant. */
const wordHelps: { readonly [K in MeantAs]?: string } = {
  "acme-client": "write files, and the paths of the files in certificate and key",
  "other-release": "write rhel-9 for the folders of this family, and the versions of your servers in versions",
  front: "write before if a proxy in front uses plain HTTP to this one, and here if this one needs a certificate",
  panel: "write the server that you run; for panels, see docs/situations/hosting-panels.md",
};

const typeNames: Readonly<Record<string, string>> = {
  object: "a mapping of keys and values",
  array: "a list",
  boolean: "true or false",
  string: "text",
  address: "an IP address",
  network: "an IP network",
  path: "a path",
  version: "a version",
  "host name": "a host name",
  "e-mail address": "an e-mail address",
  "address or host name": "an IP address or a host name",
  name: "a name",
  "name of a variable": "the name of a variable",
  "address of a list": "the address of mailcow's list of bans",
};

export const shapeMessages: Writers<keyof ShapeProblems> = {
  "unknown-key": ({ key, suggestion, allowed }, at) => ({
    message: `unknown key ${key}`,
    ...(suggestion === undefined ? { help: `use one of: ${allowed.join(", ")}` } : keyHelp(key, suggestion, at)),
  }),
  "missing-key": ({ key, example }) => ({
    message: `${key} is missing`,
    help: `write, for example: ${key}: ${example}`,
  }),
  "wrong-type": ({ key, expected, value, instead, example, optional }, at) => {
    const message = `${key} takes ${typeNames[expected] ?? expected}, not ${value}`;
    // An entry of a list has no key of its own.
    if (instead !== undefined) return { message, help: `write ${/\/\d+$/.test(at) ? "" : `${key}: `}${flow(instead)}`, edits: [set(at, instead)] };
    if (optional) return { message, help: `remove ${key}, or write, for example: ${key}: ${example}`, edits: [remove(at)] };
    return { message, help: example === undefined ? undefined : `write, for example: ${key}: ${example}` };
  },
  "port-mapping": ({ value, key, port, mapped }, at) => ({
    message: `${value} is two ports, but this key takes only one`,
    help: `write ${key}: ${port}${mapped === undefined ? "" : ` and ${mapped.key}: ${mapped.port}`}`,
    edits: [set(at, port), ...(mapped === undefined ? [] : [set(beside(at, mapped.key), mapped.port)])],
  }),
  "not-allowed": ({ key, value, allowed, nearest, known }, at) => {
    const message = `${key} takes ${alternatives(allowed)}, not ${value}`;
    if (known === "other-platform") return { message, help: `remove ${key} for output that works on all of them, or write the versions of your servers in versions`, edits: [remove(at)] };
    if (known !== undefined && nearest === undefined) return { message, help: wordHelps[known] };
    if (nearest === undefined) return { message };
    const edits = [set(at, nearest)];
    if (known === "authority") return { message, help: `write ${nearest} if mailcow gets the certificate from there, certbot if certbot does, or files for another ACME client`, edits };
    return { message, help: known === "code-name" ? `write ${nearest}` : `did you mean ${nearest}?`, edits };
  },
  "too-many-items": ({ key, limit }) => ({
    message: `${key} has more than ${limit} entries`,
  }),
  "too-few-items": ({ key, example }) => ({
    message: `${key} is an empty list`,
    help: `write, for example: ${key}: ${example}`,
  }),
  "seconds": ({ key, value }) => ({
    message: `${key} must be a whole number of seconds, not ${value}`,
    help: `write a number without a unit, e.g. ${key}: 63072000 for two years`,
  }),
  "port": ({ value }) => ({
    message: `a port must be a number from 1 to 65535, not ${value}`,
  }),
  "port-quoted": ({ value, port }, at) => ({
    message: `a port must be a number, but "${value}" in quotes is text`,
    help: `remove the quotes: ${port}`,
    edits: [set(at, port)],
  }),
  "port-address": ({ value, address, port, addressKey, portKey }, at) => {
    const { words, edit } = withAddress(addressKey, address, at);
    return {
      message: `${value} is ${port === undefined ? "an address" : "an address and a port"}, but this key takes only a port`,
      help: port === undefined ? `write the address in its own key, ${words}, and remove ${portKey} or write a port` : `write ${words} and ${portKey}: ${port}`,
      edits: [edit, port === undefined ? remove(at) : set(at, port)],
    };
  },
  "host-name": ({ value, fault, instead }, at) => hostNameMessage(value, fault, instead, at),
  "address": ({ value, fault }, at) => ({
    message: `${value} is ${addressFaults[fault.kind] ?? "not an IPv4 or IPv6 address"}`,
    ...addressHelp(fault, at),
  }),
  "network": ({ value, fault }, at) => ({
    message: `${value} is ${networkFaults[fault.kind] ?? "not an IPv4 or IPv6 network"}`,
    ...networkHelp(fault, at),
  }),
  "preset": ({ value, allowed, nearest, tunnel }, at) => ({
    message: `trusted_proxies takes IP networks or the name ${alternatives(allowed)}, not ${value}`,
    ...(nearest === undefined ? { help: tunnel ? "write the address from which it connects: 127.0.0.1 if it runs on this host, and tls_ends: before in proxy" : "write the addresses or networks that connect to the proxy, e.g. 192.0.2.0/24" } : { help: `did you mean ${nearest}?`, edits: [set(at, nearest)] }),
  }),
  "network-host-bits": ({ value, network, address }, at) => ({
    message: `${value} has bits set beyond its prefix`,
    help: network === undefined ? `write the address without a prefix: ${address}` : `write ${network} for the network, or the address without a prefix`,
    edits: [set(at, network ?? address)],
  }),
  "file-path": ({ value }) => ({
    message: `${value} is not an absolute path of letters, digits and . _ - + @ =`,
    help: "write the full path, starting with /, without . or .. segments and with at most 255 characters between slashes",
  }),
  "url-path": ({ value }) => ({
    message: `${value} is not a path of letters, digits and . _ ~ - that starts with /`,
    help: "write the decoded path, starting with /, e.g. /rspamd",
  }),
  "basic-auth-user": (fault) => {
    const help = "write the line that this command prints: htpasswd -nBC 10 NAME";
    switch (fault.kind) {
      case "password":
        return { message: "an entry of users is not a name, a colon and a bcrypt hash; a password itself must not be in the description", help };
      case "hash":
        return { message: "an entry of users has a hash of another kind; only bcrypt hashes that begin with $2y$ work on every server", help };
      case "name":
        return { message: "the name in an entry of users has characters other than letters, digits and . _ @ -", help };
      case "cost":
        return { message: `the hash in an entry of users has the cost ${fault.cost}, and the server would compute it for each request`, help: `${help}; the cost may be 4 to 12` };
    }
  },
  "login-name": ({ value }) => ({
    message: `${value} is not a login name of letters, digits and . _ + - = @ ~`,
    help: "write only the name, e.g. mail@example.org; the password stays in its file",
  }),
  "variable-name": ({ value, instead }, at) => ({
    message: `${value} is not the name of an environment variable`,
    ...(instead === undefined ? { help: "write its name of letters, digits and _, e.g. RELAYHOST_PASSWORD" } : { help: `write only its name: ${instead}`, edits: [set(at, instead)] }),
  }),
  "email": ({ value }) => ({
    message: `${value} is not an e-mail address of letters, digits and . _ + -`,
    help: "write an e-mail address, e.g. you@example.org",
  }),
  "count": ({ key, value }) => ({
    message: `${key} must be a whole number from 1 to 1000, not ${value}`,
  }),
  "duration": ({ key, value, example }) => ({
    message: `${key} must be a number with a unit, not ${value}`,
    help: `write s, m, h, d or w behind the number, e.g. ${key}: ${example}`,
  }),
  "banlist": ({ value, example }) => ({
    message: `${value} is not the address of mailcow's list of bans`,
    help: `write it as mailcow shows it in the settings of Fail2ban, e.g. ${example.replace(/(?<=\?id=)[^"]*/, "…")}`,
  }),
  "ipv4-network": ({ value, instead }, at) => ({
    message: `${value} is not the first three numbers of an IPv4 network, as in IPV4_NETWORK`,
    ...(instead === undefined ? { help: "write three numbers, e.g. 172.22.1" } : { help: `write ${instead}`, edits: [set(at, instead)] }),
  }),
  "version": ({ value, example }) => ({
    message: `${value} is not a version`,
    help: `write two or three numbers, e.g. "${example}"`,
  }),
  "version-unquoted": ({ key, example }) => ({
    message: "this version is not in quotes, so YAML reads it as a number and drops a zero at its end",
    help: `write it in quotes, exactly as the program prints it, e.g. ${key}: "${example}"`,
  }),
};
