/** Problems of the keys of mailcow.conf for mail ports: those that expect PROXY protocol, and the plain ports beside them. */
import { type MailService, mailServices } from "../site/mail-services.ts";
import type { Site } from "../site/site.ts";
import { readable } from "./bytes.ts";
import { keyOf, publicationOf } from "./mail-ports.ts";
import type { ConfProblem } from "./problem.ts";
import { valuePlace } from "./problems.ts";
import { openly } from "./secrets.ts";
import type { Conf, Statement } from "./statements.ts";

/** Problems of values that merge leaves as they are. */
export function mailPortProblems(conf: Conf, { mail }: Site): ConfProblem[] {
  const last = (key: string) => conf.statements.findLast((statement) => statement.key === key);
  return mailServices.flatMap((service): ConfProblem[] => {
    const [plain, proxied] = [last(`${service.key}_PORT`), last(keyOf(service))];
    return [...(mail === undefined ? openProblem(conf, proxied) : []), ...(mail === undefined ? [] : announcedProblem(conf, service, plain))];
  });
}

/** mailcow believes the header of everybody who connects to such a port. */
export function openProblem(conf: Conf, statement: Statement | undefined): ConfProblem[] {
  if (statement === undefined || publicationOf(statement.value)?.kind !== "everywhere") return [];
  return [{ code: "conf-mail-open", arguments: { key: statement.key, value: openly(readable(statement.value)) }, place: valuePlace(conf, statement) }];
}

/** mailcow's autoconfiguration tells clients the number in the key of the plain port. */
function announcedProblem(conf: Conf, { port }: MailService, statement: Statement | undefined): ConfProblem[] {
  const number = Number(statement?.value.slice(statement.value.lastIndexOf(":") + 1));
  const taken = mailServices.find(({ proxied }) => proxied === number);
  if (statement === undefined || taken === undefined) return [];
  return [{ code: "conf-mail-announced", arguments: { key: statement.key, value: openly(readable(statement.value)), port, proxied: number }, place: valuePlace(conf, statement) }];
}
