/** The mail services as a client speaks with them. */
import { type MailService, mailServices } from "../../../src/core/site/mail-services.ts";
import { password, user } from "./mailcow.ts";
import { Session, type Where } from "./session.ts";

type Turn = readonly [line: string, answer: RegExp];

interface Protocol {
  readonly greeting: RegExp;
  /** What comes before TLS where that does not begin at once. */
  readonly startTls: readonly Turn[];
  /** What comes after it. ManageSieve greets once more. */
  readonly secured: RegExp;
  readonly login: readonly Turn[];
  /** Asks whether the session still lives. */
  readonly noop: Turn;
}

const plain = Buffer.from(`\0${user}\0${password}`).toString("base64");
const ehlo: Turn = ["EHLO client.example.net", /^250 .*\r\n/m];

const smtp: Protocol = { greeting: /^220 .*\r\n/m, startTls: [ehlo, ["STARTTLS", /^220 .*\r\n/m]], secured: /^/, login: [ehlo, [`AUTH PLAIN ${plain}`, /^235 .*\r\n/m]], noop: ["NOOP", /^250 .*\r\n/m] };
const imap: Protocol = { greeting: /^\* OK .*\r\n/m, startTls: [["a STARTTLS", /^a OK .*\r\n/m]], secured: /^/, login: [[`a LOGIN ${user} "${password}"`, /^a OK .*\r\n/m]], noop: ["a NOOP", /^a OK .*\r\n/m] };
const pop3: Protocol = { greeting: /^\+OK.*\r\n/m, startTls: [["STLS", /^\+OK.*\r\n/m]], secured: /^/, login: [[`USER ${user}`, /^\+OK.*\r\n/m], [`PASS ${password}`, /^\+OK.*\r\n/m]], noop: ["NOOP", /^\+OK.*\r\n/m] };
const sieve: Protocol = { greeting: /^OK .*\r\n/m, startTls: [["STARTTLS", /^OK .*\r\n/m]], secured: /^OK .*\r\n/m, login: [[`AUTHENTICATE "PLAIN" "${plain}"`, /^OK.*\r\n/m]], noop: ["NOOP", /^OK .*\r\n/m] };

/** A mail from elsewhere, which port 25 takes without a login. */
const incoming: readonly Turn[] = [ehlo, ["MAIL FROM:<sender@example.net>", /^250 .*\r\n/m], [`RCPT TO:<${user}>`, /^250 .*\r\n/m], ["DATA", /^354 .*\r\n/m], ["Subject: test\r\n\r\nbody\r\n.", /^250 .*\r\n/m]];

const protocols: Readonly<Record<string, Protocol & { readonly tlsFirst: boolean }>> = {
  smtp: { ...smtp, login: incoming, tlsFirst: false },
  smtps: { ...smtp, tlsFirst: true },
  submission: { ...smtp, tlsFirst: false },
  imap: { ...imap, tlsFirst: false },
  imaps: { ...imap, tlsFirst: true },
  pop3: { ...pop3, tlsFirst: false },
  pop3s: { ...pop3, tlsFirst: true },
  sieve: { ...sieve, tlsFirst: false },
};

export interface Service extends MailService, Protocol {
  /** Whether TLS comes before everything else. */
  readonly tlsFirst: boolean;
}

export const services: readonly Service[] = mailServices.map((service) => {
  const protocol = protocols[service.name];
  if (protocol === undefined) throw new Error(`the tests do not speak ${service.name}`);
  return { ...service, ...protocol };
});

/** Those that relay mail for whom they trust. */
export const relaying = services.filter(({ container }) => container === "postfix-mailcow");

export function serviceOf(name: string): Service {
  const service = services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}

/** A session at the beginning of what TLS protects, and the certificate's fingerprint. */
export async function secured(service: Service, where: Omit<Where, "port">, { port = service.port, header = Buffer.alloc(0) }: { readonly port?: number; readonly header?: Buffer } = {}): Promise<{ readonly session: Session; readonly fingerprint: string }> {
  const session = await Session.open({ ...where, port });
  session.send(header);
  if (service.tlsFirst) {
    const fingerprint = await session.secure();
    await session.expect(service.greeting);
    return { session, fingerprint };
  }
  await session.expect(service.greeting);
  for (const [line, answer] of service.startTls) await session.ask(line, answer);
  const fingerprint = await session.secure();
  await session.expect(service.secured);
  return { session, fingerprint };
}

/** A session that is logged in, or has handed in a mail where there is no login. */
export async function loggedIn(service: Service, where: Omit<Where, "port">): Promise<Session> {
  const { session } = await secured(service, where);
  for (const [line, answer] of service.login) await session.ask(line, answer);
  return session;
}

/** Whether a session still lives. */
export async function answers(session: Session, { noop: [line, answer] }: Service): Promise<boolean> {
  try {
    await session.ask(line, answer);
    return true;
  } catch {
    return false;
  }
}

/** What is said to a mail for somebody else's mailbox, from a client that has not logged in. */
export async function relayed(session: Session): Promise<string> {
  await session.ask(...ehlo);
  await session.ask("MAIL FROM:<spammer@example.net>", /^\d{3} .*\r\n/m);
  return (await session.ask("RCPT TO:<victim@example.com>", /^\d{3} .*\r\n/m)).trim();
}
