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

/** What an address is that is none to listen on or to be reached at. */
const addressFaults: { readonly [K in AddressFault["kind"]]?: string } = {
  group: "an address of many hosts at once",
  "link-local": "a link-local address, and servers do not take the interface that it needs",
  mapped: "an IPv4 address in IPv6 form",
};

function addressHelp(fault: AddressFault): string {
  switch (fault.kind) {
    case "name":
      return "servers look names up once at their start, so write the address itself";
    case "asterisk":
      return 'write 0.0.0.0 for every IPv4 address, "::" for every IPv6 address';
    case "group":
      return "write the address of one host";
    case "link-local":
      return "write a global address, or one from fc00::/7";
    case "port":
      return `write ${fault.instead}; a port has a key of its own`;
    case "zone":
      return `write ${fault.instead}, without the zone`;
    case "mapped":
      return `write the IPv4 address: ${fault.instead}`;
    case "other":
      return "write for example 192.0.2.10 or 2001:db8::10";
  }
}

/** What a network is that none can come from, or that is written in another way. */
const networkFaults: { readonly [K in NetworkFault["kind"]]?: string } = {
  broadcast: "the broadcast address, and no host has it",
  mapped: "an IPv4 network in IPv6 form",
};

function networkHelp(fault: NetworkFault): string {
  switch (fault.kind) {
    case "broadcast":
      return "write the network that you mean, such as 192.0.2.0/24, or leave the entry out";
    case "zone":
      return `write ${fault.instead}, without the zone`;
    case "mapped":
      return `write the IPv4 network: ${fault.instead}`;
    case "other":
      return "write an address or a network in CIDR notation: 192.0.2.0/24";
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
    message: `there is no key ${key} here`,
    help: nearest === undefined ? `the keys here are ${alternatives(allowed)}` : `did you mean ${nearest}?`,
  }),
  "missing-key": ({ key, example }) => ({
    message: `${key} is missing`,
    help: `write for example: ${key}: ${example}`,
  }),
  "wrong-type": ({ key, expected, value, instead, example }) => ({
    message: `${key} is ${typeNames[expected] ?? expected}, not ${value}`,
    help: instead !== undefined ? `write ${key}: ${instead}` : example !== undefined ? `write for example: ${key}: ${example}` : undefined,
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
    help: `write for example: ${key}: ${example}`,
  }),
  "seconds": ({ key, value }) => ({
    message: `${key} is a whole number of seconds, and this is ${value}`,
    help: `write a number without a unit: ${key}: 63072000 is two years`,
  }),
  "port": ({ value }) => ({
    message: `a port is a number from 1 to 65535, not ${value}`,
  }),
  "port-quoted": ({ value }) => ({
    message: `a port is a number, and "${value}" is text`,
    help: `write it without quotes: ${value}`,
  }),
  "port-address": ({ value, address, port, addressKey, portKey }) => ({
    message: `${value} is ${port === undefined ? "an address" : "an address and a port"}, and this key takes a port alone`,
    help: port === undefined ? `an address belongs to ${withAddress(addressKey, address)}` : `write ${withAddress(addressKey, address)} and ${portKey}: ${port}`,
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
    help: `write ${network} for the network, or the address without its prefix`,
  }),
  "file-path": ({ value }) => ({
    message: `${value} is not an absolute path of letters, digits and . _ - + @ =`,
    help: "write the whole path from /, without . or .. in it and with at most 255 characters between slashes",
  }),
  "url-path": ({ value }) => ({
    message: `${value} is not a path of letters, digits and . _ ~ - that starts with /`,
    help: "write the path as mailcow knows it, not encoded: /rspamd",
  }),
  "email": ({ value }) => ({
    message: `${value} is not an e-mail address of letters, digits and . _ + -`,
    help: "write for example you@example.org",
  }),
  "version": ({ value, example }) => ({
    message: `${value} is not a version`,
    help: `write two or three numbers: "${example}"`,
  }),
  "version-unquoted": ({ key, example }) => ({
    message: "a version is text, and without quotes this is a number, which loses a zero at its end",
    help: `write it as it is printed, in quotes: ${key}: "${example}"`,
  }),
};
