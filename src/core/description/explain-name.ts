/** Explains why a text is not a host name, and finds the one that it was meant to be. */
import { type HostNameFault, toHostName, toUpstreamName } from "../host-name.ts";
import { toNameEntry } from "./name-entry.ts";
import { takes } from "./takes.ts";

type NameKind = "hostName" | "serverName" | "certificateName" | "upstreamAddress";

export function hostNameFault(kind: NameKind, text: string): HostNameFault {
  const entry = kind === "hostName" || kind === "upstreamAddress" ? undefined : toNameEntry(text);
  const result = entry !== undefined && "fault" in entry ? entry : kind === "upstreamAddress" ? toUpstreamName(text) : toHostName(text);
  return "fault" in result ? result.fault : { kind: "single-label" };
}

/** The name that a text was meant to be, if its faults leave no doubt. */
export function meantName(kind: NameKind, text: string, pointer: string): string | undefined {
  let name = text;
  // A text may have several faults: `https://mail.example.org./`.
  for (let round = 0; round < 5; round++) {
    if (takes(kind, name, pointer)) return name;
    const fault = hostNameFault(kind, name);
    // After another fault, it is only a guess that this is a name.
    const next = fault.kind === "top-level-digit" && round > 0 ? undefined : withoutFault(fault, name, pointer);
    if (next === undefined || next === name) return undefined;
    name = next;
  }
  return undefined;
}

function withoutFault(fault: HostNameFault, text: string, pointer: string): string | undefined {
  switch (fault.kind) {
    case "space":
      return text.trim();
    case "trailing-dot":
      return text.slice(0, -1);
    case "port":
      // Postfix writes a server as [name]:port.
      return text.replace(/:\d+$/, "").replace(/^\[([^[\]]+)\]$/, "$1");
    case "scheme":
      return text.includes("*") ? undefined : fault.instead;
    case "underscore":
      // A container's name may have them, and then no other name is its.
      if (pointer === "/proxy/upstream/address") return undefined;
      return text.replaceAll("_", "-");
    case "wildcard":
      return pointer.startsWith("/mail_domains/") ? fault.instead : undefined;
    case "top-level-digit":
      return text.includes("*") ? undefined : `${text}.internal`;
    default:
      return undefined;
  }
}
