/** Sentences on single keys and values. */
import { hostNameMessage } from "./host-name.ts";
import type { AddressFault, NetworkFault, ShapeProblems } from "../problem.ts";
import type { Writers } from "../writers.ts";

/** A list for a sentence: `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function withAddress(key: "bind" | "listen", address: string): string {
  return key === "listen" ? `listen: ["${address}"]` : `bind: ${address}`;
}

/** Addresses that a server cannot listen on or be reached at. */
const addressFaults: { readonly [K in AddressFault["kind"]]?: string } = {
  group: "a multicast or broadcast address",
  "link-local": "a link-local address, which needs an interface name that servers do not accept",
  mapped: "an IPv4 address in IPv6 form",
};

function addressHelp(fault: AddressFault): string {
  switch (fault.kind) {
    case "name":
      return "write the IP address; servers look names up only once, when they start";
    case "asterisk":
      return 'write 0.0.0.0 for all IPv4 addresses, "::" for all IPv6 addresses';
    case "group":
      return "write the address of one host";
    case "link-local":
      return "use a global address, or one from fc00::/7";
    case "port":
      return `write ${fault.instead}; the port has its own key`;
    case "zone":
      return `write ${fault.instead}, without the zone`;
    case "mapped":
      return `write the IPv4 address: ${fault.instead}`;
    case "other":
      return "write an IP address, e.g. 192.0.2.10 or 2001:db8::10";
  }
}

/** Networks that no peer can be in, or that have to be written in another form. */
const networkFaults: { readonly [K in NetworkFault["kind"]]?: string } = {
  broadcast: "the broadcast address, which no host has",
  mapped: "an IPv4 network in IPv6 form",
};

function networkHelp(fault: NetworkFault): string {
  switch (fault.kind) {
    case "broadcast":
      return "write the network you mean, e.g. 192.0.2.0/24, or remove the entry";
    case "zone":
      return `write ${fault.instead}, without the zone`;
    case "mapped":
      return `write the IPv4 network: ${fault.instead}`;
    case "other":
      return "write an address, or a network in CIDR notation, e.g. 192.0.2.0/24";
  }
}

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
};

export const shapeMessages: Writers<keyof ShapeProblems> = {
  "unknown-key": ({ key, nearest, allowed }) => ({
    message: `unknown key ${key}`,
    help: nearest === undefined ? `use one of: ${allowed.join(", ")}` : `did you mean ${nearest}?`,
  }),
  "missing-key": ({ key, example }) => ({
    message: `${key} is missing`,
    help: `write, for example: ${key}: ${example}`,
  }),
  "wrong-type": ({ key, expected, value, instead, example }) => ({
    message: `${key} takes ${typeNames[expected] ?? expected}, not ${value}`,
    help: instead !== undefined ? `write ${key}: ${instead}` : example !== undefined ? `write, for example: ${key}: ${example}` : undefined,
  }),
  "not-allowed": ({ key, value, allowed, nearest }) => ({
    message: `${key} takes ${alternatives(allowed)}, not ${value}`,
    help: nearest === undefined ? undefined : `did you mean ${nearest}?`,
  }),
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
  "port-quoted": ({ value }) => ({
    message: `a port must be a number, but "${value}" in quotes is text`,
    help: `remove the quotes: ${value}`,
  }),
  "port-address": ({ value, address, port, addressKey, portKey }) => ({
    message: `${value} is ${port === undefined ? "an address" : "an address and a port"}, but this key takes only a port`,
    help: port === undefined ? `write the address in its own key: ${withAddress(addressKey, address)}` : `write ${withAddress(addressKey, address)} and ${portKey}: ${port}`,
  }),
  "host-name": ({ value, fault }) => hostNameMessage(value, fault),
  "address": ({ value, fault }) => ({
    message: `${value} is ${addressFaults[fault.kind] ?? "not an IPv4 or IPv6 address"}`,
    help: addressHelp(fault),
  }),
  "network": ({ value, fault }) => ({
    message: `${value} is ${networkFaults[fault.kind] ?? "not an IPv4 or IPv6 network"}`,
    help: networkHelp(fault),
  }),
  "network-host-bits": ({ value, network }) => ({
    message: `${value} has bits set beyond its prefix`,
    help: `write ${network} for the network, or the address without a prefix`,
  }),
  "file-path": ({ value }) => ({
    message: `${value} is not an absolute path of letters, digits and . _ - + @ =`,
    help: "write the full path, starting with /, without . or .. segments and with at most 255 characters between slashes",
  }),
  "url-path": ({ value }) => ({
    message: `${value} is not a path of letters, digits and . _ ~ - that starts with /`,
    help: "write the decoded path, starting with /, e.g. /rspamd",
  }),
  "email": ({ value }) => ({
    message: `${value} is not an e-mail address of letters, digits and . _ + -`,
    help: "write an e-mail address, e.g. you@example.org",
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
