/** Sentences on mailcow.conf. */
import type { Spelling } from "../mailcow-conf/statements.ts";
import type { Writers } from "../message.ts";

const missed = "mailcow's update.sh, which searches for lines that begin with a key, misses it";
const command = "mailcow's scripts, which are bash, take it for a command";

/** How a spelling looks, and what reads it differently. */
const spellings: Readonly<Record<Spelling, readonly [string, string]>> = {
  colon: ["there is a colon in place of =", command],
  spaces: ["there is white space beside =", command],
  export: ["there is export before the key", missed],
  indented: ["the key does not begin its line", missed],
  quotes: ["there are quotes round the value", "docker-compose before 1.26 takes them for a part of it"],
  comment: ["there is white space before the comment, and no value", "bash reads nothing"],
};

export const mailcowConfMessages: Writers<
  | "conf-refused"
  | "conf-duplicate"
  | "conf-spelling"
  | "conf-cleared"
  | "conf-acme-off"
  | "conf-list"
  | "conf-hostname"
  | "conf-moved"
  | "conf-redirect"
  | "conf-certificate"
> = {
  "conf-refused": ({ kind, character }) => ({
    message: `docker compose refuses this file: ${kind === "quote" ? "the quote is never closed" : kind === "space" ? "no key has a space in it" : `no key has the character ${character}`}`,
    help: "write KEY=value, or begin the line with # if it is a comment",
  }),
  "conf-duplicate": ({ key, firstLine, value }) => ({
    message: `${key} is given twice, first in line ${firstLine}`,
    help: value === undefined ? "docker compose takes the last one; keep one of them" : `every one is set to ${shown(value)}; keep one of them`,
  }),
  "conf-spelling": ({ key, spelling, value, instead }) => {
    const [looks, others] = spellings[spelling];
    const help = instead !== undefined ? `it becomes ${key}=${instead}` : spelling === "comment" ? `write ${key}= alone, and the comment above it` : `write ${key}=${value}`;
    return { message: `${looks}: docker compose reads ${shown(value)}, and ${others}`, help };
  },
  "conf-cleared": ({ key, value, instead, option }) => ({
    message: `${key} is ${value}, and the description does not ask for it`,
    help: `it becomes ${key}=${instead}; to keep it, write ${option}: ${instead === "" ? `[${value.split(",").join(", ")}]` : "true"}`,
  }),
  "conf-acme-off": () => ({
    message: "acme-mailcow is switched off, and tls.issuer mailcow has nobody else renew the certificate",
    help: "write tls.issuer: certbot or files, or SKIP_LETS_ENCRYPT=n here",
  }),
  "conf-list": ({ key, missing }) => ({
    message: `${key} is no plain list of names, and stays as it is`,
    help: `add to it: ${missing}`,
  }),
  "conf-hostname": () => ({
    message: "there is no MAILCOW_HOSTNAME that a description can have",
    help: "give it: --hostname mail.example.org",
  }),
  "conf-moved": ({ port, bind, key }) => ({
    message: `mailcow has port ${port} of ${bind === "" ? "every address" : bind}, where the proxy belongs`,
    help: `it moves to its default; write ${key} for another place`,
  }),
  "conf-redirect": () => ({
    message: "mailcow redirects to https itself, and behind the proxy that would never end",
    help: "mailcow-proxy merge sets HTTP_REDIRECT=n; the proxy redirects",
  }),
  "conf-certificate": ({ certificate }) => ({
    message: `acme-mailcow is switched off${certificate === undefined ? "" : `, so the proxy takes the certificate that mailcow has: ${certificate}`}`,
    help: "if certbot keeps it, write tls: { issuer: certbot } and mail_domains",
  }),
};

/** What is wrong with a value that a description does not take over from mailcow.conf. */
export function notTakenOver(message: string): string {
  return `not taken over: ${message}`;
}

function shown(value: string): string {
  return value === "" ? "nothing" : value;
}
