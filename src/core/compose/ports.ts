/** Values of `ports` for the mail ports that expect PROXY protocol. */
import type { MailService } from "../site/mail-services.ts";

/** The value of `ports` that publishes a service where its key in mailcow.conf says, as in mailcow's own helper file. */
export function publishedPort({ key, proxied }: MailService): string {
  return `\${${key}_PORT_HAPROXY:-127.0.0.1:${proxied}}:${proxied}`;
}

/** Whether a value publishes the port where the same key of mailcow.conf says, with another default. */
export function isSamePort(found: string, wanted: string): boolean {
  const parts = (text: string) => /^(\$\{\w+_PORT_HAPROXY):?-[^{}]+\}(:\d+)(?:\/tcp)?$/.exec(text)?.slice(1).join("");
  const key = parts(wanted);
  return key !== undefined && key === parts(found);
}
