/** The keys of mailcow.conf for the mail ports that expect PROXY protocol. */
import { isLoopback, isWildcard, parseAddress } from "../network.ts";
import { type MailService, mailServices } from "../site/mail-services.ts";
import type { Site } from "../site/site.ts";
import type { Decision } from "./decision.ts";

export function keyOf({ key }: MailService): string {
  return `${key}_PORT_HAPROXY`;
}

/** Where a value publishes a port. */
interface Publication {
  /** The address in canonical text; empty for every address, and for what is no address. */
  readonly address: string;
  readonly kind: "everywhere" | "loopback" | "host";
  readonly port: number;
}

/** A value is `ADDRESS:PORT`, or `PORT` on every address; undefined for a value that Docker refuses. */
export function publicationOf(value: string): Publication | undefined {
  const [, given = "", port = ""] = /^(?:(.*):)?(\d{1,5})$/.exec(value) ?? [];
  if (port === "") return undefined;
  const address = parseAddress(given.replace(/^\[(.*)\]$/, "$1"));
  if (given === "" || (address !== undefined && isWildcard(address))) return { address: "", kind: "everywhere", port: Number(port) };
  return address === undefined ? undefined : { address: address.text, kind: isLoopback(address) ? "loopback" : "host", port: Number(port) };
}

/**
 * The described ports at the address where the proxy connects. Others go back to mailcow's host itself, as without the key; without
 * the section, they are the administrator's.
 */
export function decideMailPorts({ mail }: Site): Record<string, Decision> {
  return Object.fromEntries(mailServices.map((service) => [keyOf(service), decision(service, mail)]));
}

function decision({ port, proxied }: MailService, mail: Site["mail"]): Decision {
  if (mail === undefined) return { kind: "leave" };
  const { address, services } = mail;
  const isDescribed = services.some((one) => one.port === port);
  if (!isDescribed) return { kind: "clear", value: `127.0.0.1:${proxied}`, isCleared: (value) => value !== "" && publicationOf(value)?.kind !== "loopback", option: `mail.ports with ${port}` };
  return {
    kind: "set",
    value: `${address}:${proxied}`,
    same: (value) => {
      const found = publicationOf(value);
      return found?.address === address && found.port === proxied;
    },
  };
}
