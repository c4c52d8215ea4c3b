/** The mail services of mailcow, and the ports on which they expect PROXY protocol. */

/** A mail service of mailcow. */
export interface MailService {
  /** The public port, which mailcow announces to clients. */
  readonly port: number;
  /** The port in its container that expects PROXY protocol. */
  readonly proxied: number;
  /** How a server's configuration names it. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** The service in mailcow's docker-compose.yml. */
  readonly container: "postfix-mailcow" | "dovecot-mailcow";
  /** The beginning of its keys in mailcow.conf: `SMTP` of SMTP_PORT and SMTP_PORT_HAPROXY. */
  readonly key: string;
}

/** mailcow's master.cf and dovecot.conf: each service listens once more, on a port that is 10000 higher. */
const offset = 10000;

/** In the order in which they are listed. */
export const mailServices: readonly MailService[] = (
  [
    [25, "smtp", "SMTP", "postfix-mailcow", "SMTP"],
    [465, "smtps", "SMTPS", "postfix-mailcow", "SMTPS"],
    [587, "submission", "submission", "postfix-mailcow", "SUBMISSION"],
    [143, "imap", "IMAP", "dovecot-mailcow", "IMAP"],
    [993, "imaps", "IMAPS", "dovecot-mailcow", "IMAPS"],
    [110, "pop3", "POP3", "dovecot-mailcow", "POP"],
    [995, "pop3s", "POP3S", "dovecot-mailcow", "POPS"],
    [4190, "sieve", "ManageSieve", "dovecot-mailcow", "SIEVE"],
  ] as const
).map(([port, name, title, container, key]) => ({ port, proxied: port + offset, name, title, container, key }));
