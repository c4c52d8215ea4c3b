/** Finds the values of a mailcow.conf that belong in a description. */
import type { Value } from "../description/new-description.ts";
import { toNameEntry, wildcardCovers } from "../description/name-entry.ts";
import { isDiscoveryLabel } from "../site/discovery.ts";
import { mailServices } from "../site/mail-services.ts";
import { servers } from "../site/servers.ts";
import { protocolSenders } from "../site/platform.ts";
import { readable } from "./bytes.ts";
import { isYes } from "./decisions.ts";
import type { ConfProblem } from "./problem.ts";
import { entriesOf } from "./list-entries.ts";
import { openProblem } from "./mail-port-problems.ts";
import { keyOf, publicationOf } from "./mail-ports.ts";
import { openly } from "./secrets.ts";
import { duplicateProblems, spellingProblem, valuePlace } from "./problems.ts";
import type { Conf, Statement } from "./statements.ts";

/** A value for a key of the description, or an item for a list. */
export interface DescribedValue {
  /** JSON Pointer of the key. */
  readonly pointer: string;
  readonly item?: true;
  readonly value: Value;
  readonly place: ConfProblem["place"];
}

export interface Described {
  readonly values: readonly DescribedValue[];
  /** Diagnostics about how the values are used. */
  readonly problems: readonly ConfProblem[];
}

/** The beginning of the file, as the place of values that are not in it. */
export const top: ConfProblem["place"] = { offset: 0 };

/** @param folder the absolute path of the file's folder, if it has one */
export function describedValues(conf: Conf, folder: string | undefined): Described {
  const parts = [hostname(conf), names(conf), discovery(conf), directory(folder), listener(conf, "http"), listener(conf, "https"), network(conf), addresses(conf), redirect(conf), proxyProtocol(conf), mailPorts(conf), certificate(conf, folder), spellings(conf)];
  return { values: parts.flatMap(({ values = [] }) => values), problems: parts.flatMap(({ problems = [] }) => problems) };
}

/** The last statement with the key, which is the one that docker compose uses. */
function last(conf: Conf, key: string): Statement | undefined {
  return conf.statements.findLast((statement) => statement.key === key);
}

function switchedOn(conf: Conf, key: string): Statement | undefined {
  const statement = last(conf, key);
  return statement !== undefined && isYes(statement.value) ? statement : undefined;
}

function hostname(conf: Conf): Partial<Described> {
  const statement = last(conf, "MAILCOW_HOSTNAME");
  return statement === undefined ? {} : { values: [{ pointer: "/hostname", value: readable(statement.value), place: valuePlace(conf, statement) }] };
}

/** Names of the web interface are in the certificate anyway, so only the others are certificate_names. */
function names(conf: Conf): Partial<Described> {
  const served = last(conf, "ADDITIONAL_SERVER_NAMES");
  // A wildcard can only be in the certificate.
  const known = new Set(entriesOf(served).map(({ text }) => spelled(text)).filter((name) => !name.startsWith("*.")));
  const certified = entriesOf(last(conf, "ADDITIONAL_SAN")).filter(({ text }) => !known.has(spelled(text)));
  return { values: [...items(entriesOf(served), "/additional_server_names"), ...items(certified, "/certificate_names")], problems: uncertified(conf) };
}

/** Notes on names of the web interface that are not in mailcow's certificate. */
function uncertified(conf: Conf): ConfProblem[] {
  if (switchedOn(conf, "SKIP_LETS_ENCRYPT") !== undefined) return [];
  const certified = entriesOf(last(conf, "ADDITIONAL_SAN")).map(({ text }) => spelled(text));
  const wildcards = certified.flatMap((text) => (text.startsWith("*.") ? [text.slice(2)] : []));
  const own = spelled(readable(last(conf, "MAILCOW_HOSTNAME")?.value ?? ""));
  const known = new Set([own, ...certified]);
  return entriesOf(last(conf, "ADDITIONAL_SERVER_NAMES")).flatMap(({ text, place }): ConfProblem[] => {
    const entry = toNameEntry(text);
    if ("fault" in entry || entry.kind === "wildcard" || known.has(entry.text) || wildcards.some((domain) => wildcardCovers(domain, entry.text))) return [];
    if (entry.kind === "label" && isDiscoveryLabel(entry.label)) return [];
    known.add(entry.text);
    return [{ code: "conf-certified", arguments: { name: entry.text }, place }];
  });
}

/** mailcow's certificate may have no discovery names. Then the proxy cannot serve them. */
function discovery(conf: Conf): Partial<Described> {
  if (switchedOn(conf, "SKIP_LETS_ENCRYPT") !== undefined) return {};
  const given = last(conf, "AUTODISCOVER_SAN");
  // With an empty value, docker-compose.yml sets it to y.
  const off = given !== undefined && given.value !== "" && !isYes(given.value) && !hasDiscovery(conf) ? given : undefined;
  const statement = switchedOn(conf, "ONLY_MAILCOW_HOSTNAME") ?? off;
  if (statement === undefined) return {};
  const place = valuePlace(conf, statement);
  return { values: [{ pointer: "/discovery", value: [], place }], problems: [{ code: "conf-discovery", arguments: { key: statement.key, value: openly(readable(statement.value)) }, place }] };
}

/** Whether ADDITIONAL_SAN has discovery names, or a wildcard that may cover them. */
function hasDiscovery(conf: Conf): boolean {
  return entriesOf(last(conf, "ADDITIONAL_SAN")).some(({ text }) => text.startsWith("*.") || isDiscoveryLabel(spelled(text).split(".", 1).join("")));
}

function spelled(text: string): string {
  const entry = toNameEntry(text);
  return "fault" in entry ? text : entry.text;
}

function addresses(conf: Conf): Partial<Described> {
  return { values: items(entriesOf(last(conf, "TRUSTED_PROXIES")), "/proxy/addresses") };
}

function items(entries: ReturnType<typeof entriesOf>, pointer: string): DescribedValue[] {
  return entries.map(({ text, place }) => ({ pointer, item: true, value: text, place }));
}

function directory(folder: string | undefined): Partial<Described> {
  return folder === undefined ? {} : { values: [{ pointer: "/mailcow/directory", value: folder, place: top }] };
}

/** mailcow's ports without a proxy. The proxy needs these ports. */
const direct = { http: "80", https: "443" } as const;

function listener(conf: Conf, key: keyof typeof direct): Partial<Described> {
  const [bind, port] = ["BIND", "PORT"].map((name) => last(conf, `${key.toUpperCase()}_${name}`));
  const number = port === undefined || port.value === "" ? direct[key] : port.value;
  const address = readable(bind?.value ?? "").replace(/^\[(.*)\]$/, "$1");
  const [portPlace, bindPlace] = [port ?? bind, bind ?? port].map((statement) => (statement === undefined ? top : valuePlace(conf, statement)));
  if (Object.values<string>(direct).includes(number)) {
    // A proxy on another host reaches the web interface where it reaches the mail ports.
    const mail = proxiedMail(conf).first;
    const values: DescribedValue[] = mail === undefined ? [] : [{ pointer: `/mailcow/${key}/bind`, value: mail.address, place: valuePlace(conf, mail.statement) }];
    if (portPlace === undefined || (port ?? bind) === undefined) return { values };
    const facts = { port: number, bind: address === "0.0.0.0" ? "" : address, key: `mailcow.${key}`, to: mail?.address ?? "127.0.0.1" };
    return { values, problems: [{ code: "conf-moved", arguments: facts, place: portPlace }] };
  }
  return {
    values: [
      { pointer: `/mailcow/${key}/bind`, value: address, place: bindPlace ?? top },
      { pointer: `/mailcow/${key}/port`, value: /^\d{1,5}$/.test(number) ? Number(number) : number, place: portPlace ?? top },
    ],
  };
}

/** The network of mailcow's containers, if it is not the default one. */
function network(conf: Conf): Partial<Described> {
  const statement = last(conf, "IPV4_NETWORK");
  return statement === undefined || statement.value === "" || statement.value === "172.22.1" ? {} : { values: [{ pointer: "/mailcow/ipv4_network", value: readable(statement.value), place: valuePlace(conf, statement) }] };
}

function redirect(conf: Conf): Partial<Described> {
  const statement = switchedOn(conf, "HTTP_REDIRECT");
  return statement === undefined ? {} : { problems: [{ code: "conf-redirect", arguments: {}, place: valuePlace(conf, statement) }] };
}

function proxyProtocol(conf: Conf): Partial<Described> {
  const statement = switchedOn(conf, "NGINX_USE_PROXY_PROTOCOL");
  if (statement === undefined) return {};
  const place = valuePlace(conf, statement);
  // Only these servers can send PROXY protocol.
  return { values: [{ pointer: "/proxy/proxy_protocol/send", value: true, place }, { pointer: "/targets", value: [...protocolSenders, "mailcow-conf"], place }] };
}

/** The ports that expect PROXY protocol, and the first one that is published for a proxy on another host. */
function proxiedMail(conf: Conf) {
  const found = mailServices.flatMap((service) => {
    const statement = last(conf, keyOf(service));
    const publication = statement === undefined ? undefined : publicationOf(statement.value);
    return statement === undefined || publication === undefined ? [] : [{ service, statement, ...publication }];
  });
  return { found, first: found.find(({ kind, service, port }) => kind === "host" && port === service.proxied) };
}

function mailPorts(conf: Conf): Partial<Described> {
  const { found, first } = proxiedMail(conf);
  const open = found.flatMap(({ statement }) => openProblem(conf, statement));
  if (first === undefined) return { problems: open };
  const { address } = first;
  const fits = (one: (typeof found)[number]) => one.address === address && one.port === one.service.proxied;
  const others = found.filter((one) => one.kind === "host" && !fits(one)).map(({ service: { proxied }, statement }): ConfProblem => ({
    code: "conf-mail-other",
    arguments: { key: statement.key, value: openly(readable(statement.value)), address, proxied },
    place: valuePlace(conf, statement),
  }));
  const place = valuePlace(conf, first.statement);
  return {
    values: [
      { pointer: "/mail/address", value: address, place },
      // Servers that can pass on the web and mail, whatever mailcow expects.
      { pointer: "/targets", value: [...protocolSenders.flatMap((id) => [id, ...(servers[id].mailTarget === undefined ? [] : [servers[id].mailTarget])]), "mailcow-conf", "mail-ports"], place },
      ...found.filter(fits).map(({ service, statement }): DescribedValue => ({ pointer: "/mail/ports", item: true, value: service.port, place: valuePlace(conf, statement) })),
    ],
    problems: [...open, ...others],
  };
}

/** Without acme-mailcow, the certificate is still where mailcow's mail servers read it, so the proxy can use it there. */
function certificate(conf: Conf, folder: string | undefined): Partial<Described> {
  const statement = switchedOn(conf, "SKIP_LETS_ENCRYPT");
  if (statement === undefined) return certificateOfEachDomain(conf);
  const place = valuePlace(conf, statement);
  const [file, key] = ["cert", "key"].map((name) => `${folder ?? ""}/data/assets/ssl/${name}.pem`);
  if (folder === undefined || file === undefined || key === undefined) return { problems: [{ code: "conf-certificate", arguments: { certificate: undefined }, place }] };
  return {
    values: [{ pointer: "/tls/issuer", value: "files", place }, { pointer: "/tls/certificate", value: file, place }, { pointer: "/tls/key", value: key, place }],
    problems: [{ code: "conf-certificate", arguments: { certificate: file }, place }],
  };
}

function certificateOfEachDomain(conf: Conf): Partial<Described> {
  const statement = switchedOn(conf, "ENABLE_SSL_SNI");
  return statement === undefined ? {} : { values: [{ pointer: "/tls/sni", value: true, place: valuePlace(conf, statement) }] };
}

const keys = ["MAILCOW_HOSTNAME", "HTTP_BIND", "HTTP_PORT", "HTTPS_BIND", "HTTPS_PORT", "HTTP_REDIRECT", "IPV4_NETWORK", "ADDITIONAL_SERVER_NAMES", "ADDITIONAL_SAN", "AUTODISCOVER_SAN", "ONLY_MAILCOW_HOSTNAME", "TRUSTED_PROXIES", "SKIP_LETS_ENCRYPT", "ENABLE_SSL_SNI", "NGINX_USE_PROXY_PROTOCOL"];

function spellings(conf: Conf): Partial<Described> {
  const problems = keys.flatMap((key) => {
    const statement = last(conf, key);
    const spelling = statement === undefined ? undefined : spellingProblem(conf, statement, undefined);
    return [...duplicateProblems(conf, key, undefined), ...(spelling === undefined ? [] : [spelling])];
  });
  return { problems };
}
