/** Sentences on mailcow.conf. */
import type { Fault, Spelling } from "../../mailcow-conf/statements.ts";
import { flow } from "../../yaml/flow.ts";
import type { ConfProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";

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

const statement = "write KEY=value, or begin the line with # if it is a comment";

const refusedHelp: Readonly<Record<Fault["kind"], string>> = {
  character: statement,
  space: statement,
  quote: "close it behind the value, or leave it out; a value that begins with a quote stands in quotes of the other kind",
};

function replaced({ assignment, alone }: { assignment: string; alone: boolean }): string {
  return `it becomes ${assignment}${alone ? "" : ", and what stands behind it stays there"}`;
}

/** What to write where nothing is changed; a value that means something else without its quotes keeps them. */
function rewriting(key: string, spelling: Spelling, value: string): string | undefined {
  if (spelling === "comment") return `write ${key}= alone, and the comment above it`;
  return /^[^\s#"'\\$]*$/.test(value) ? `write ${key}=${value}` : undefined;
}

export const mailcowConfMessages: Writers<keyof ConfProblems> = {
  "not-a-mailcow-conf": () => ({
    message: "this is not a mailcow.conf: it has none of mailcow's keys",
    help: "name the file in mailcow's folder: /opt/mailcow-dockerized/mailcow.conf",
  }),
  "conf-refused": ({ kind, character, openedLine }) => ({
    message: `docker compose refuses this file: ${kind === "quote" ? "the quote is never closed" : kind === "space" ? "no key has a space in it" : `no key has the character ${character}`}`,
    help: openedLine === undefined ? refusedHelp[kind] : `the quote that is opened in line ${openedLine} is closed here; close it there, or leave it out`,
  }),
  "conf-duplicate": warning(({ key, firstLine, given }) => ({
    message: `${key} is given again, first in line ${firstLine}`,
    help: given === undefined ? "docker compose takes the last one; keep one of them" : `${given.already ? `every one is ${shown(given.value)} already` : `every one becomes ${shown(given.value)}`}; keep one of them`,
  })),
  "conf-spelling": warning(({ key, spelling, value, instead }) => {
    const [looks, others] = spellings[spelling];
    return { message: `${looks}: docker compose reads ${shown(value)}, and ${others}`, help: instead === undefined ? rewriting(key, spelling, value) : replaced(instead) };
  }),
  "conf-cleared": warning(({ key, value, instead, option }) => ({
    message: `${key} is ${value}, and the description does not ask for it`,
    help: `it becomes ${instead}; to keep it, write ${option}: true`,
  })),
  "conf-acme-off": warning(() => ({
    message: "acme-mailcow is switched off, and tls.issuer mailcow has nobody else renew the certificate",
    help: "write tls.issuer: certbot or files, or SKIP_LETS_ENCRYPT=n here",
  })),
  "conf-removal": ({ key, value, option, entry, wildcard }) => ({
    message: wildcard === undefined ? `${value} is in ${key} and not in the description, so merge would remove it` : `${wildcard} covers ${value}, and Let's Encrypt refuses an order of both, so merge would remove it`,
    help: `${keeping({ value, option, entry, wildcard })}; to remove it, run merge with --remove-entries`,
  }),
  "conf-certified": note(({ name }) => ({
    message: `${name} is not in ADDITIONAL_SAN, so mailcow's certificate lacks it`,
    help: `if it should have it, add ${flow(name)} to certificate_names in the description`,
  })),
  "conf-sni": warning(() => ({
    message: "ENABLE_SSL_SNI is y: each mail domain has a certificate of its own, and the proxy would show the host's for all names",
    help: "write tls: { sni: true } and mail_domains in the description, and add the target systemd",
  })),
  "conf-rename": ({ value, hostname }) => ({
    message: `this is the mailcow.conf of ${value}, and the description is of ${hostname}`,
    help: `use the description of ${value}; to rename the host, run merge with --rename-hostname`,
  }),
  "conf-acme-dns": warning(({ name }) => ({
    message: `acme-mailcow gets ${name} only by DNS, and ACME_DNS_CHALLENGE is not y`,
    help: "set ACME_DNS_CHALLENGE=y and ACME_DNS_PROVIDER, or list single names in certificate_names",
  })),
  "conf-hostname": () => ({
    message: "there is no MAILCOW_HOSTNAME that a description can have",
    help: "give it: --hostname mail.example.org",
  }),
  "conf-moved": note(({ port, bind, key }) => ({
    message: `mailcow has port ${port} of ${bind === "" ? "every address" : bind}, where the proxy belongs`,
    help: `it moves to its default; write ${key} for another place`,
  })),
  "conf-redirect": note(() => ({
    message: "mailcow redirects to https itself, and behind the proxy that would never end",
    help: "mailcow-proxy merge sets HTTP_REDIRECT=n; the proxy redirects",
  })),
  "conf-certificate": note(({ certificate }) => ({
    message: `acme-mailcow is switched off${certificate === undefined ? "" : `, so the proxy takes the certificate that mailcow has: ${certificate}`}`,
    help: "if certbot keeps it, write tls: { issuer: certbot } and mail_domains",
  })),
};

/** What is wrong with a value that a description does not take over from mailcow.conf. */
export function notTakenOver(message: string): string {
  return `not taken over: ${message}`;
}

function keeping({ value, option, entry, wildcard }: { value: string; option: string; entry: string | undefined; wildcard: string | undefined }): string {
  if (wildcard !== undefined) return `to keep it, leave ${wildcard} out of certificate_names`;
  if (entry !== undefined) return `to keep it, add ${flow(entry)} to ${option} in the description`;
  return `a description cannot hold it: correct it in this file${/\$\w|\$\{/.test(value) ? ", for example with the value in place of the variable" : ""}`;
}

function shown(value: string): string {
  return value === "" ? "nothing" : value;
}
