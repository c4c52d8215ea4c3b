/** Sentences on host names. */
import { type HostNameFault, maxNameLength } from "../../host-name.ts";
import { set } from "../edit.ts";
import type { Message } from "../writers.ts";

/** @param instead the name that was probably meant */
export function hostNameMessage(value: string, fault: HostNameFault, instead: string | undefined, at: string): Message {
  if (instead === undefined) return withExample(value, fault, at);
  const edits = [set(at, instead)];
  const { message } = withExample(value, fault, at);
  switch (fault.kind) {
    case "underscore":
      return { message, help: `write ${instead} if that is the name`, edits };
    case "port":
      return { message, help: `write ${instead}; the port has its own key`, edits };
    case "top-level-digit":
      return { message, help: `for a name in your own network, write ${instead}; some servers refuse every request for the name as it is`, edits };
    default:
      return { message, help: `write ${instead}`, edits };
  }
}

/** Words that stand for a name that was never filled in. */
const placeholder = /^(?:change-?me|host-?name|domain(?:-?name)?|your.*|my-?(?:host|domain).*|example|fqdn|localhost|localdomain|placeholder|todo|tbd|test|default|none|x+|foo|bar)$/i;

/** A help with an example that fits the key. */
function fullName(value: string, at: string): string {
  if (at === "/proxy/upstream/address") return "write the name of mailcow's container, e.g. nginx-mailcow, or the full name of its host";
  const example = at.startsWith("/mail_domains/") ? "example.org" : placeholder.test(value) || value === "" ? "mail.example.org" : `${value}.example.org`;
  return `write the full name, e.g. ${example}`;
}

function withExample(value: string, fault: HostNameFault, at: string): Message {
  switch (fault.kind) {
    case "empty":
      return { message: "the host name is empty", help: fullName("", at) };
    case "single-label":
      return { message: `${value} is a host name without a domain`, help: fullName(value, at) };
    case "underscore":
      return {
        message: `${value} contains an underscore, which is not allowed in host names`,
        // Such as _dmarc and _25._tcp.
        help: /(?:^|\.)_/.test(value) ? `names that begin with an underscore are DNS records, not hosts; ${fullName("", at)}` : fullName("", at),
      };
    case "address":
      return { message: `${value} is an IP address, but certificates are issued for host names`, help: fullName("", at) };
    case "too-long":
      return { message: `this host name is longer than ${maxNameLength} characters` };
    case "trailing-dot":
      return { message: `${value} ends with a dot`, help: fullName("", at) };
    case "wildcard":
      if (at === "/hostname") return { message: `${value} is a wildcard, which is not allowed here`, help: fullName("", at) };
      return { message: `${value} is a wildcard, which is not allowed here`, help: "list each name; without mail_domains, the proxy serves autodiscover., autoconfig. and mta-sts. of every domain" };
    case "scheme":
      return { message: `${value} is a URL, but this key takes a host name`, help: fullName("", at) };
    case "port":
      return { message: `${value} includes a port`, help: fullName("", at) };
    case "space":
      return { message: "this name has white space around it", help: fullName("", at) };
    case "label-too-long":
      return { message: `${fault.part} has ${fault.part.length} characters, but each part of a host name can have at most 63` };
    case "label-empty":
      return { message: `${value} has one dot too many` };
    case "label-hyphen":
      return { message: `${fault.part} begins or ends with a hyphen, which is not allowed in any part of a host name` };
    case "top-level-digit":
      return { message: `${fault.part} begins with a digit, but no top-level domain does` };
    case "character":
      return { message: `${value} contains the character ${shown(fault.part)}, which is not allowed in host names`, help: characterHelp(value, fault.part, at) };
    case "a-label":
      return { message: `${value} is not a valid internationalised host name` };
  }
}

function characterHelp(value: string, character: string, at: string): string | undefined {
  if (/[<>{}$%[\]]/.test(character)) return `replace the placeholder: ${fullName("", at)}`;
  if (character !== "*") return undefined;
  if (!at.startsWith("/mail_domains/")) return fullName("", at);
  return value === "*" ? "remove mail_domains to serve every domain" : `names such as ${value} belong in additional_server_names or certificate_names`;
}

function shown(character: string): string {
  if (/^[\x21-\x7e]$/.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
