/** Names as Caddy's addresses and as inputs of its map. */
import { alternatives, quoted } from "../shared/spelling.ts";

/** The inputs for which a name is the one that the client asks for. */
export interface NameInputs {
  readonly name: string;
  /** As browsers write it. */
  readonly usual: string;
  /** In any case, with a dot at its end and with any port. */
  readonly regex: string;
}

/** @param suffix the port in the Host header, as `:8443`, or nothing */
export function inputsOf(names: readonly string[], suffix: string): NameInputs[] {
  return names.map((name) => ({ name, usual: `${name}${suffix}`, regex: `(?i)^${quoted(name)}\\.?(?::[0-9]*)?$` }));
}

/** The addresses of a site block, one line per name, with a comma behind each but the last. Names with a dot at their end have no certificates. */
export function addressLines(scheme: "http" | "https", names: readonly string[], port: number): string[] {
  const suffix = port === (scheme === "http" ? 80 : 443) ? "" : `:${port}`;
  const address = (name: string) => `${scheme}://${name}${suffix}`;
  return names.map((name, index) => `${scheme === "http" ? `${address(name)}, ${address(`${name}.`)}` : address(name)}${index === names.length - 1 ? "" : ","}`);
}

/** The address of the block for all names. */
export function anyAddress(scheme: "http" | "https", port: number): string {
  return `${scheme}://${port === (scheme === "http" ? 80 : 443) ? "" : `:${port}`}`;
}

/** Regular expressions for the beginnings of mailcow's redirects to its own names on http, and of what follows. */
export function redirectRegexes(names: readonly string[], publicHttpsPort: number): string[] {
  return alternatives(names.map(quoted)).map((some) => `(?i)^http://(${some})(?::${publicHttpsPort})?([/?#].*)?$`);
}
