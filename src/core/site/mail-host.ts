/** Programs of mailcow's host beside the proxy. Each is undefined where the description has no section for it. */
import type { Description } from "../../generated/description.ts";
import { toHostName } from "../host-name.ts";
import { parseNetwork, toCidr } from "../network.ts";

/** Hashes of passwords for Rspamd's web interface, in Rspamd's own form: `$1$salt$key` or `$2$salt$key`. */
interface Rspamd {
  /** Of the password that allows everything. */
  readonly enablePassword: string | undefined;
  /** Of the password that only allows to look. */
  readonly password: string | undefined;
}

interface Fail2ban {
  /** Matching lines of the log before a ban. */
  readonly maxretry: number;
  /** As fail2ban reads it: `30m`. */
  readonly bantime: string;
  /** Canonical CIDR networks that are never banned. */
  readonly ignore: readonly string[];
}

/** A Postfix for the host's own mail. */
interface LocalMta {
  /** Its own name, with A-labels. */
  readonly hostname: string;
  /** The domain of senders and recipients without one, with A-labels. */
  readonly domain: string;
}

export interface MailHostPrograms {
  readonly rspamd: Rspamd | undefined;
  readonly fail2ban: Fail2ban | undefined;
  readonly localMta: LocalMta | undefined;
}

export function mailHostPrograms({ rspamd, fail2ban, local_mta: localMta }: Description): MailHostPrograms {
  return {
    rspamd: rspamd === undefined ? undefined : { enablePassword: rspamd.enable_password, password: rspamd.password },
    fail2ban: fail2ban === undefined ? undefined : { ...fail2ban, ignore: [...new Set(fail2ban.ignore.map(cidr))] },
    localMta: localMta === undefined ? undefined : { hostname: hostName(localMta.hostname), domain: hostName(localMta.domain) },
  };
}

function cidr(text: string): string {
  const network = parseNetwork(text);
  if (network === undefined) throw new Error(`the schema let a network pass: ${text}`);
  return toCidr(network);
}

function hostName(text: string): string {
  const result = toHostName(text);
  if ("fault" in result) throw new Error(`the schema let a host name pass: ${text}`);
  return result.name;
}
