/** Judges a parsed description by its shape, by the rules and by its targets. */
import { type Parsed, dataOf } from "../core/yaml/parse.ts";
import { limits } from "../core/limits.ts";
import { parseNetwork, toAddressOrCidr } from "../core/network.ts";
import { related, repair } from "../core/description/repair.ts";
import { validate as validateShape } from "../core/description/validate.ts";
import { serverOf } from "../core/output/target.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Problem } from "../core/problems/problem.ts";
import { countNames, resolve } from "../core/site/resolve.ts";
import { hostKeys } from "../core/site/same-host.ts";
import { type SoftwareId, servers, tlsLibraryOf } from "../core/site/servers.ts";
import type { Site } from "../core/site/site.ts";
import type { Description } from "../generated/description.ts";
import { rules } from "../rules/index.ts";
import type { Neighbour } from "../rules/rule.ts";
import { sharedRules } from "../rules/shared.ts";
import { targetIds, targets } from "../targets/index.ts";

/** The context in which a description is checked. */
export interface Beside {
  readonly wanted: readonly TargetId[] | undefined;
  /** The hostnames of earlier descriptions in this run, and their files. */
  readonly taken: ReadonlyMap<string, string>;
  /** Earlier descriptions for the same server. */
  readonly neighbours: readonly Neighbour[];
  readonly most: number;
}

interface Judgement {
  readonly problems: readonly Problem[];
  readonly site: Site | undefined;
  readonly ids: readonly TargetId[];
}

export function judge(parsed: Parsed, { wanted, taken, neighbours, most }: Beside): Judgement {
  if (parsed.problems.length > 0) return { problems: parsed.problems, site: undefined, ids: [] };
  const { document } = parsed;
  // Ask first, because the defaults are filled in place.
  const lists = listsTargets(parsed.data);
  const shape = validateShape(parsed.data, most, () => (document === undefined ? undefined : dataOf(document)));
  if ("description" in shape) {
    const excess = tooManyNames(shape.description);
    if (excess !== undefined) return { problems: [excess], site: undefined, ids: [] };
    const { site, ids, problems } = judgeAcross(shape.description, { wanted, lists, missing: [] });
    const namesake = taken.get(site.hostname);
    if (namesake !== undefined) return { site, ids, problems: [...problems, hostnameTaken(site.hostname, namesake)] };
    const between = sharedRules.flatMap((rule) => first(neighbours, (neighbour) => rule.check({ site, description: shape.description }, neighbour)));
    const onServers = ids.flatMap((id) => first(neighbours, ({ file, site: earlier }) => targets[id].conflicts?.(site, earlier, file) ?? []));
    return { site, ids, problems: [...problems, ...between, ...onServers] };
  }
  // Run the rules without the invalid values, so that all problems are reported at once.
  const { description: rest, missing } = sound(parsed.data, shape.problems, most);
  const across = rest !== undefined && tooManyNames(rest) === undefined ? judgeAcross(rest, { wanted, lists, missing }).problems : [];
  return { problems: [...shape.problems, ...across], site: undefined, ids: [] };
}

/** The description without its invalid values, and without the sections that lack a required key then. */
function sound(data: unknown, problems: readonly Problem[], most: number): { readonly description: Description | undefined; readonly missing: readonly string[] } {
  const once = repair(data, problems);
  const shape = validateShape(once.data, most);
  if ("description" in shape) return { description: shape.description, missing: once.missing };
  const twice = repair(once.data, shape.problems);
  const rest = validateShape(twice.data, most);
  return { description: "description" in rest ? rest.description : undefined, missing: [...once.missing, ...twice.missing] };
}

/** The problems with the first neighbour that has any; one is enough. */
function first(neighbours: readonly Neighbour[], check: (neighbour: Neighbour) => Problem[]): Problem[] {
  return neighbours.map(check).find((problems) => problems.length > 0) ?? [];
}

function listsTargets(data: unknown): boolean {
  return typeof data === "object" && data !== null && "targets" in data;
}

interface Judged {
  /** The targets of the run, in place of the description's own. */
  readonly wanted: readonly TargetId[] | undefined;
  /** Whether the description lists its targets. */
  readonly lists: boolean;
  /** Pointers of values that no rule may read. */
  readonly missing: readonly string[];
}

function judgeAcross(description: Description, { wanted, lists, missing }: Judged) {
  const isSound = (pointer: string) => !missing.some((left) => related(left, pointer));
  // The targets in place of invalid entries, or of an invalid list, are nobody's wish.
  const asked = wanted ?? description.targets.filter((_id, index) => isSound(`/targets/${index}`));
  const entry = (id: TargetId) => (wanted === undefined ? `/targets/${description.targets.indexOf(id)}` : undefined);
  const ids = targetIds.filter((id) => asked.includes(id));
  // A run for mailcow's files alone is about the servers of the description.
  const site = believed(resolve(description), ids.some((id) => serverOf(targets[id]) !== undefined) ? ids : description.targets);
  const appliance = ids.some(isAppliance);
  const libraries = librariesOf(ids);
  const problems = [
    ...rules.filter(({ reads }) => reads.every(isSound)).flatMap((rule) => rule.check({ site, description, appliance, libraries, targets: wanted === undefined ? description.targets : undefined, listed: lists && wanted === undefined ? description.targets : undefined })),
    ...ids.flatMap((id) => besidePanel(id, ids, site, entry(id)) ?? [...twice(id, ids, entry(id)), ...targets[id].unsupported(site, entry(id))]),
  ];
  return { site, ids, problems: problems.filter(({ place, reads = "pointer" in place ? [place.pointer] : [] }) => reads.every(isSound)) };
}

/** The site with the trusted proxies among those that mailcow must trust, if a server adds them to X-Forwarded-For. */
function believed(site: Site, ids: readonly TargetId[]): Site {
  const { proxy } = site;
  const adds = ids.map((id) => serverOf(targets[id])).some((server) => server !== undefined && servers[server].forwardedFor === "added");
  if (!adds || proxy.proxyProtocol.accept) return site;
  return { ...site, proxy: { ...proxy, mailcowTrusts: [...new Set([...proxy.mailcowTrusts, ...proxy.trustedProxies.map(addressOrCidr)])] } };
}

/** A single address without its prefix length, as mailcow.conf has it. */
function addressOrCidr(cidr: string): string {
  const network = parseNetwork(cidr);
  return network === undefined ? cidr : toAddressOrCidr(network);
}

function librariesOf(ids: readonly TargetId[]): SoftwareId[] {
  return [...new Set(ids.flatMap((id) => {
    const target = targets[id];
    // A panel on the host decides about TLS itself; the text for an appliance has the groups.
    if (target.kind === "panel" && !target.appliance) return [];
    const server = serverOf(target);
    return server === undefined ? [] : [tlsLibraryOf(server)];
  }))];
}

export function isAppliance(id: TargetId): boolean {
  const target = targets[id];
  return target.kind === "panel" && target.appliance;
}

/** The error of a target for programs on the host of a panel that does their work; undefined if there is no such panel. */
function besidePanel(id: TargetId, ids: readonly TargetId[], { proxy }: Site, entry: string | undefined): Problem[] | undefined {
  const asked = targets[id];
  if (asked.kind !== "host" || asked.belongsTo !== "proxy") return undefined;
  const panel = ids.map((other) => targets[other]).find((target) => target.kind === "panel" && (target.appliance || proxy.sharesHost));
  if (panel?.kind !== "panel") return undefined;
  const { title, appliance } = panel;
  return [{ code: "panel-target", arguments: { target: id, title, appliance }, place: { pointer: entry ?? "/targets", on: "value" }, reads: appliance ? [] : hostKeys }];
}

/** The error of a server's configuration in two forms: the server would have everything twice. */
function twice(id: TargetId, ids: readonly TargetId[], entry: string | undefined): Problem[] {
  const { kind, title } = targets[id];
  const other = kind === "mailcow" ? serverOf(targets[id]) : undefined;
  return other === undefined || !ids.includes(other) ? [] : [{ code: "target-twice", arguments: { target: id, other, title }, place: { pointer: entry ?? "/targets", on: "value" } }];
}

/** Counts the names before a site is made from all of them. */
function tooManyNames(description: Description): Problem | undefined {
  const count = countNames(description);
  if (count <= limits.names) return undefined;
  const pointer = description.mail_domains === undefined ? "/additional_server_names" : "/mail_domains";
  return { code: "too-many-names", arguments: { count, limit: limits.names }, place: { pointer, on: "key" } };
}

function hostnameTaken(hostname: string, file: string): Problem {
  return { code: "hostname-taken", arguments: { hostname, file }, place: { pointer: "/hostname", on: "value" } };
}
