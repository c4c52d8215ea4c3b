/** Sentences on host names. */
import { type HostNameFault, maxNameLength } from "../../host-name.ts";
import type { Message } from "../writers.ts";

export function hostNameMessage(value: string, fault: HostNameFault): Message {
  switch (fault.kind) {
    case "empty":
      return { message: "the host name is empty", help: "write the full name, e.g. mail.example.org" };
    case "single-label":
      return { message: `${value} is a host name without a domain`, help: `write the full name, e.g. ${value}.example.org` };
    case "underscore":
      return { message: `${value} contains an underscore, which is not allowed in host names`, help: `write ${value.replaceAll("_", "-")} if that is the name` };
    case "address":
      return { message: `${value} is an IP address, but certificates are issued for host names`, help: "write the full name, e.g. mail.example.org" };
    case "too-long":
      return { message: `this host name is longer than ${maxNameLength} characters` };
    case "trailing-dot":
      return { message: `${value} ends with a dot`, help: `write ${fault.instead}` };
    case "wildcard":
      return { message: `${value} is a wildcard, which is not allowed here`, help: "list each name; without mail_domains, the proxy serves autodiscover., autoconfig. and mta-sts. of every domain" };
    case "scheme":
      return { message: `${value} is a URL, but this key takes a host name`, help: fault.instead === "" ? undefined : `write ${fault.instead}` };
    case "port":
      return { message: `${value} includes a port`, help: `write ${fault.instead}; the port has its own key` };
    case "space":
      return { message: "this name has white space around it", help: `write ${fault.instead}` };
    case "label-too-long":
      return { message: `${fault.part} has ${fault.part.length} characters, but each part of a host name can have at most 63` };
    case "label-empty":
      return { message: `${value} has one dot too many` };
    case "label-hyphen":
      return { message: `${fault.part} begins or ends with a hyphen, which is not allowed in any part of a host name` };
    case "top-level-digit":
      return { message: `${fault.part} begins with a digit, but no top-level domain does`, help: `for a name in your own network, write ${value}.internal; some servers refuse every request for the name as it is` };
    case "character":
      return { message: `${value} contains the character ${shown(fault.part)}, which is not allowed in host names` };
    case "a-label":
      return { message: `${value} is not a valid internationalised host name` };
  }
}

function shown(character: string): string {
  if (/^[\x21-\x7e]$/.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
