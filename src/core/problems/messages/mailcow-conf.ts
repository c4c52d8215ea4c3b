/** Sentences on mailcow.conf. */
import type { Fault, Spelling } from "../../mailcow-conf/statements.ts";
import { flow } from "../../yaml/flow.ts";
import type { ConfProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";

const missed = "mailcow's update.sh does not find it, because it searches for lines that begin with the key";
const command = "bash, which runs mailcow's scripts, takes the line for a command";

/** What each spelling is, and which program reads it differently. */
const spellings: Readonly<Record<Spelling, readonly [string, string]>> = {
  colon: ["there is a colon instead of =", command],
  spaces: ["there is white space next to =", command],
  export: ["there is export before the key", missed],
  indented: ["the key is not at the beginning of the line", missed],
  quotes: ["the value is in quotes", "docker-compose before 1.26 takes the quotes as part of it"],
  comment: ["there is white space before the comment, and no value", "bash reads an empty value"],
};

const statement = "write KEY=value, or start the line with # if it is a comment";

const refusedHelp: Readonly<Record<Fault["kind"], string>> = {
  character: statement,
  space: statement,
  quote: "close it after the value, or remove it; put a value that begins with a quote in quotes of the other kind",
};

function replaced({ assignment, alone }: { assignment: string; alone: boolean }): string {
  return `merge changes it to ${assignment}${alone ? "" : " and keeps the rest of the line"}`;
}

/** What to write when nothing is changed automatically; undefined for a value that needs its quotes. */
function rewriting(key: string, spelling: Spelling, value: string): string | undefined {
  if (spelling === "comment") return `write only ${key}= here, and put the comment on the line above`;
  return /^[^\s#"'\\$]*$/.test(value) ? `write ${key}=${value}` : undefined;
}

export const mailcowConfMessages: Writers<keyof ConfProblems> = {
  "not-a-mailcow-conf": () => ({
    message: "this is not a mailcow.conf: it has none of mailcow's keys",
    help: "use the file in mailcow's folder: /opt/mailcow-dockerized/mailcow.conf",
  }),
  "conf-refused": ({ kind, character, openedLine }) => ({
    message: `docker compose refuses this file: ${kind === "quote" ? "the quote is never closed" : kind === "space" ? "a key cannot contain a space" : `a key cannot contain the character ${character}`}`,
    help: openedLine === undefined ? refusedHelp[kind] : `the quote opened on line ${openedLine} is closed only here; close it on line ${openedLine}, or remove it`,
  }),
  "conf-duplicate": warning(({ key, firstLine, given }) => ({
    message: `${key} is given more than once, first on line ${firstLine}`,
    help: given === undefined ? "docker compose uses the last one; keep only one" : `${given.already ? `all of them already have ${shown(given.value)}` : `merge changes all of them to ${shown(given.value)}`}; keep only one`,
  })),
  "conf-spelling": warning(({ key, spelling, value, instead }) => {
    const [looks, others] = spellings[spelling];
    return { message: `${looks}: docker compose reads ${shown(value)}, but ${others}`, help: instead === undefined ? rewriting(key, spelling, value) : replaced(instead) };
  }),
  "conf-cleared": warning(({ key, value, instead, option }) => ({
    message: `${key} is ${value}, but the description does not ask for it`,
    help: `merge changes it to ${instead}; to keep it, write ${option} in the description`,
  })),
  "conf-mail-open": warning(({ key, value }) => ({
    message: `${key}=${value} publishes the port on every address, and mailcow believes there who a client says it is: anybody could send mail through this host`,
    help: "write the address of the tunnel to the proxy before it, e.g. 10.13.13.2:10025, or describe it in the section mail, with the target mail-ports",
  })),
  "conf-mail-announced": ({ key, value, port, proxied }) => ({
    message: `${key}=${value} is a port for the proxy: mailcow tells mail clients to use ${proxied}, which only the proxy reaches`,
    help: `write ${key}=${port}, or ${key}=127.0.0.1:${port} to close the direct way`,
  }),
  "conf-mail-other": warning(({ key, value, address, proxied }) => ({
    message: `ignored: ${key}=${value} is not ${address}:${proxied}, and a description has one address for all mail ports, with mailcow's own numbers`,
    help: `write ${key}=${address}:${proxied}, or leave the port out of the description`,
  })),
  "conf-acme-off": warning(() => ({
    message: "acme-mailcow is switched off, so nothing renews the certificate that it keeps with this description",
    help: "write SKIP_LETS_ENCRYPT=n here, or in the description tls.issuer: certbot or files without acme_mailcow",
  })),
  "conf-removal": ({ key, value, option, entry, wildcard }) => ({
    message: wildcard === undefined ? `${value} is in ${key} but not in the description, so merge would remove it` : `${wildcard} covers ${value}, and Let's Encrypt refuses an order with both, so merge would remove it`,
    help: `${keeping({ value, option, entry, wildcard })}; to remove it, run merge with --remove-entries`,
  }),
  "conf-certified": note(({ name }) => ({
    message: `${name} is not in ADDITIONAL_SAN, so mailcow's certificate does not include it`,
    help: `to include it, add ${flow(name)} to certificate_names in the description`,
  })),
  "conf-names-left-out": warning(({ key, value }) =>
    key === "AUTODISCOVER_SAN"
      ? {
          message: `${key}=${value} leaves the autodiscover., autoconfig. and mta-sts. names out of mailcow's certificate, but the proxy serves them`,
          help: `write ${key}=y, or discovery: [] in the description`,
        }
      : {
          message: `${key}=${value} leaves all names except the hostname out of mailcow's certificate, but the proxy serves them`,
          help: `write ${key}=n`,
        }),
  "conf-discovery": note(({ key, value }) => ({
    message: `${key}=${value} leaves the autodiscover., autoconfig. and mta-sts. names out of mailcow's certificate, so the description has discovery: []`,
    help: `to serve these names, remove discovery from the description and ${key} here`,
  })),
  "conf-sni": warning(() => ({
    message: "ENABLE_SSL_SNI is y, so each mail domain has its own certificate, but the proxy would use the host's certificate for all names",
    help: "write tls: { sni: true } and mail_domains in the description, and add the target systemd",
  })),
  "conf-rename": ({ value, hostname }) => ({
    message: `this mailcow.conf is for ${value}, but the description is for ${hostname}`,
    help: `use the description for ${value}; to rename the host, run merge with --rename-hostname`,
  }),
  "conf-acme-dns": warning(({ name }) => ({
    message: `acme-mailcow can get ${name} only with a DNS challenge, but ACME_DNS_CHALLENGE is not y`,
    help: "set ACME_DNS_CHALLENGE=y and ACME_DNS_PROVIDER, or list each name in certificate_names",
  })),
  "conf-hostname": () => ({
    message: "MAILCOW_HOSTNAME is missing or not a valid host name",
    help: "give the host name with an option, e.g. --hostname mail.example.org",
  }),
  "conf-moved": note(({ port, bind, key, to }) => ({
    message: `mailcow uses port ${port} on ${bind === "" ? "every address" : bind}, which the proxy needs`,
    help: `merge moves mailcow to ${to} port ${key === "mailcow.https" ? 8443 : 8080}; to choose another address or port, change ${key}`,
  })),
  "conf-redirect": note(() => ({
    message: "mailcow redirects to https itself, which would be an endless loop behind the proxy",
    help: "mailcow-proxy merge sets HTTP_REDIRECT=n; the proxy redirects instead",
  })),
  "conf-certificate": note(({ certificate }) => ({
    message: `acme-mailcow is switched off${certificate === undefined ? "" : `, so the proxy uses the certificate that mailcow has: ${certificate}`}`,
    help: "if certbot renews it, write tls: { issuer: certbot } and mail_domains; if another ACME client does, write its files in tls.certificate and tls.key",
  })),
};

/** Why the description does not use a value from mailcow.conf. */
export function notTakenOver(message: string): string {
  return `ignored: ${message}`;
}

function keeping({ value, option, entry, wildcard }: { value: string; option: string; entry: string | undefined; wildcard: string | undefined }): string {
  if (wildcard !== undefined) return `to keep it, remove ${wildcard} from certificate_names`;
  if (entry !== undefined) return `to keep it, add ${flow(entry)} to ${option} in the description`;
  return `a description cannot contain it; correct it in this file${/\$\w|\$\{/.test(value) ? ", e.g. write the value instead of the variable" : ""}`;
}

function shown(value: string): string {
  return value === "" ? "an empty value" : value;
}
