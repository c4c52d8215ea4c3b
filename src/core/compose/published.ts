/** Judges how the services of a compose file publish the mail ports that expect PROXY protocol. */
import { type Document, isAlias, isMap, isNode, isSeq } from "yaml";
import { flow } from "../yaml/flow.ts";
import type { Problem } from "../problems/problem.ts";
import { mailServices } from "../site/mail-services.ts";
import type { Parsed } from "../yaml/parse.ts";
import { isData, scalarText } from "./data.ts";
import { placeOf } from "./nodes.ts";
import { isSamePort, publishedPort } from "./ports.ts";

/**
 * Errors for values of the administrator that publish these ports elsewhere than mailcow.conf says. On every address, mailcow
 * would believe the header of everybody who connects.
 */
export function publishedElsewhere({ document, data }: Parsed): Problem[] {
  return mailServices.flatMap((service) => {
    const wanted = publishedPort(service);
    return portsOf(data, service.container).flatMap(({ entry, owner, index }): Problem[] => {
      const publication = parse(entry);
      if (publication === undefined || service.proxied < publication.first || service.proxied > publication.last || isLoopback(publication.address)) return [];
      const place = entryPlace(document, owner, index);
      if (isEverywhere(publication.address)) return [{ code: "compose-port-open", arguments: { port: service.proxied, title: service.title, wanted }, place }];
      return isSamePort(scalarText(entry), wanted) ? [] : [{ code: "merged-differs", arguments: { key: `services.${service.container}.ports`, value: isData(entry) ? flow(entry) : scalarText(entry), wanted, isList: false }, place }];
    });
  });
}

/** An entry of `ports`, and the service in which it stands. */
interface Entry {
  readonly entry: unknown;
  readonly owner: string;
  readonly index: number;
}

/** The entries of a service, and those of the services in this file that it extends: compose adds them up. */
function portsOf(data: unknown, container: string): readonly Entry[] {
  const services = isData(data) && isData(data["services"]) ? data["services"] : {};
  const owners = new Set<string>();
  for (let owner: string | undefined = container; owner !== undefined && !owners.has(owner); owner = extendedBy(services[owner])) owners.add(owner);
  return [...owners].flatMap((owner) => {
    const service = services[owner];
    const ports = isData(service) ? service["ports"] : undefined;
    return Array.isArray(ports) ? ports.map((entry: unknown, index): Entry => ({ entry, owner, index })) : [];
  });
}

/** `extends: NAME` or `extends: { service: NAME }`; other files are not read. */
function extendedBy(service: unknown): string | undefined {
  const extended = isData(service) ? service["extends"] : undefined;
  const name = isData(extended) && extended["file"] === undefined ? extended["service"] : extended;
  return typeof name === "string" ? name : undefined;
}

/** Where an entry of `ports` stands; the service, if it comes from a merge key. */
function entryPlace(document: Document | undefined, container: string, index: number): Problem["place"] {
  const services = document?.get("services", true);
  const pair = isMap(services) ? services.items.find(({ key }) => isNode(key) && String(key) === container) : undefined;
  const found = isMap(pair?.value) ? pair.value.get("ports", true) : undefined;
  const list = isAlias(found) && document !== undefined ? found.resolve(document) : found;
  return placeOf((isSeq(list) ? list.items[index] : undefined) ?? pair?.key);
}

/** What a value of `ports` publishes. */
interface Publication {
  /** The ports of the container. */
  readonly first: number;
  readonly last: number;
  /** The address on the host; empty for every address. */
  readonly address: string;
}

/** The short form `[ADDRESS:][PORT:]TARGET[/PROTOCOL]`, or the long form with keys; undefined for UDP and for what is neither. */
function parse(value: unknown): Publication | undefined {
  if (isData(value)) {
    const { target, host_ip: address, protocol } = value;
    return isOther(scalarText(protocol)) ? undefined : published(expanded(scalarText(target)), expanded(scalarText(address)));
  }
  const [text = "", protocol = ""] = expanded(scalarText(value)).split("/", 2);
  const [target = "", , ...before] = text.split(":").toReversed();
  return isOther(protocol) ? undefined : published(target, before.toReversed().join(":"));
}

/** Whether a protocol is surely not TCP. Docker takes it in capital letters, too, and TCP if there is none. */
function isOther(protocol: string): boolean {
  return /^(?:udp|sctp)$/i.test(protocol);
}

/** Docker takes leading zeros, and Compose the underscores of YAML's older numbers. */
function published(target: string, address: string): Publication | undefined {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(target.replaceAll("_", "")) ?? [];
  return first === undefined ? undefined : { first: Number(first), last: Number(last ?? first), address: address.replace(/^\[(.*)\]$/, "$1") };
}

/** With the defaults of variables, which hold when mailcow.conf does not have them. */
function expanded(text: string): string {
  return text.replaceAll(/\$\{\w+(?::?-([^{}]*))?\}/g, "$1");
}

function isLoopback(address: string): boolean {
  return /^127(?:\.\d{1,3}){3}$|^::1$/.test(address);
}

function isEverywhere(address: string): boolean {
  return /^(?:0+(?:\.0+)*|[0:]*)$/.test(address);
}
