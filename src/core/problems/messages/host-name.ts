/** Sentences on host names. */
import { type HostNameFault, maxNameLength } from "../../host-name.ts";
import type { Message } from "../writers.ts";

export function hostNameMessage(value: string, fault: HostNameFault): Message {
  switch (fault.kind) {
    case "empty":
      return { message: "a host name is missing here", help: "write the full name: mail.example.org" };
    case "single-label":
      return { message: `${value} is a name without its domain`, help: `write the full name: ${value}.example.org` };
    case "underscore":
      return { message: `${value} has an underscore, which no host name has`, help: `write ${value.replaceAll("_", "-")} if that is its name` };
    case "address":
      return { message: `${value} is an address, and certificates are issued for names`, help: "write the full name: mail.example.org" };
    case "too-long":
      return { message: `a host name has at most ${maxNameLength} characters, and this has more` };
    case "trailing-dot":
      return { message: `${value} ends in a dot`, help: `write ${fault.instead}` };
    case "wildcard":
      return { message: `${value} is a wildcard, and a server has one name`, help: "list each name; without mail_domains the proxy answers on autodiscover., autoconfig. and mta-sts. of every domain" };
    case "scheme":
      return { message: `${value} is a URL, and this key takes a host name`, help: fault.instead === "" ? undefined : `write ${fault.instead}` };
    case "port":
      return { message: `${value} has a port in it`, help: `write ${fault.instead}; ports have keys of their own` };
    case "space":
      return { message: "this name has white space around it", help: `write ${fault.instead}` };
    case "label-too-long":
      return { message: `a part of a host name has at most 63 characters, and ${fault.part} has ${fault.part.length}` };
    case "label-empty":
      return { message: `${value} has a dot too many` };
    case "label-hyphen":
      return { message: `no part of a host name begins or ends with a hyphen, as ${fault.part} does` };
    case "top-level-digit":
      return { message: `no top-level domain begins with a digit, as ${fault.part} does`, help: `write ${value}.internal if it is a name of your own network; as it is, some servers refuse every request for it` };
    case "character":
      return { message: `${value} has the character ${shown(fault.part)}, which no host name has` };
    case "a-label":
      return { message: `${value} is not a valid internationalised name` };
  }
}

function shown(character: string): string {
  if (/^[\x21-\x7e]$/.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
