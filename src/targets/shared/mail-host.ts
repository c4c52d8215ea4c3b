/** How the proxy's host reaches mailcow's host over SSH, and the scripts that its key runs there. */
import type { Site } from "../../core/site/site.ts";

/** A script on mailcow's host that a key of the proxy's host runs, and nothing else. */
export interface MailHostScript {
  readonly program: string;
  readonly script: string;
  readonly ssh: { readonly options: string };
}

/** For templates/shared/mail-host.sh.hbs and key-notes.hbs. */
export function sshOf({ fileStem, proxy: { upstream } }: Site) {
  const { address } = upstream.main;
  return { address, login: `root@${address}`, key: `/root/.ssh/${fileStem}`, comment: fileStem };
}

/** Prints mailcow's certificate. */
export function giveScript(site: Site): MailHostScript {
  return mailHostScript(site, "give");
}

/** Installs a certificate in mailcow. */
export function receiveScript(site: Site): MailHostScript {
  return mailHostScript(site, "receive");
}

/** Answers ACME challenges. */
export function answerScript(site: Site): MailHostScript {
  return mailHostScript(site, "answer");
}

function mailHostScript({ fileStem, proxy: { addresses } }: Site, what: "give" | "receive" | "answer"): MailHostScript {
  const program = `${fileStem}-${what}`;
  const script = `/usr/local/sbin/${program}.sh`;
  const from = addresses.length === 0 ? "" : `,from="${addresses.join(",")}"`;
  return { program, script, ssh: { options: `restrict${from},command="${script}"` } };
}
