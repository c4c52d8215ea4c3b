/** Checks descriptions: from the text to a site and diagnostics. */
import { certificateProblems } from "../rules/certificate-files.ts";
import { rules } from "../rules/index.ts";
import type { Neighbour } from "../rules/rule.ts";
import { sharedRules } from "../rules/shared.ts";
import { serverOf } from "../core/output/target.ts";
import { targetIds, targets } from "../targets/index.ts";
import type { Description } from "../generated/description.ts";
import type { CertificateFacts } from "../core/site/certificate-facts.ts";
import { decode } from "../core/yaml/decode.ts";
import { diagnose } from "../core/problems/diagnose.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { limits } from "../core/limits.ts";
import { parseNetwork, toAddressOrCidr } from "../core/network.ts";
import { foreignKind } from "../core/description/foreign.ts";
import { type Parsed, dataOf, parse } from "../core/yaml/parse.ts";
import type { Code, Foreign, Problem } from "../core/problems/problem.ts";
import { related, repair } from "../core/description/repair.ts";
import { firstProblems } from "../core/problems/first-problems.ts";
import { countNames, resolve } from "../core/site/resolve.ts";
import { type SoftwareId, servers, tlsLibraryOf } from "../core/site/servers.ts";
import type { Site } from "../core/site/site.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { validate as validateShape } from "../core/description/validate.ts";

/** The result of a check: diagnostics, and a site if there are no errors. */
export interface Checked {
  /** The description's name in diagnostics. */
  readonly file: string;
  readonly site: Site | undefined;
  /** The requested targets, in the table's order. */
  readonly targets: readonly TargetId[];
  /** In the order of their lines. */
  readonly diagnostics: readonly Diagnostic[];
  /** Makes the description's plain data as it is written, without defaults; undefined when it is not a mapping. */
  readonly written: () => unknown;
}

/** A description to check. */
export interface Source {
  /** Text, or bytes in UTF-8. */
  readonly source: string | Uint8Array;
  /** Its name in diagnostics. */
  readonly file: string;
}

export interface CheckOptions {
  /** Targets instead of the descriptions' own. */
  readonly targets?: readonly TargetId[] | undefined;
  /** Whether the descriptions are for one proxy server. */
  readonly shared?: boolean;
  /** The most problems that are reported per description. */
  readonly most?: number;
}

/** Returns a function that checks the descriptions of a run, each also against the earlier ones. */
export function checker({ targets: wanted, shared = false, most = limits.problems }: CheckOptions = {}): (description: Source) => Checked {
  const taken = new Map<string, string>();
  const neighbours: Neighbour[] = [];
  return (description) => {
    const checked = check(description, { wanted, taken, neighbours, most });
    if (checked.site !== undefined) {
      taken.set(checked.site.hostname, description.file);
      if (shared) neighbours.push({ file: description.file, site: checked.site });
    }
    return checked;
  };
}

/** The context in which a description is checked. */
interface Beside {
  readonly wanted: readonly TargetId[] | undefined;
  /** The hostnames of earlier descriptions in this run, and their files. */
  readonly taken: ReadonlyMap<string, string>;
  /** Earlier descriptions for the same server. */
  readonly neighbours: readonly Neighbour[];
  readonly most: number;
}

function check({ source, file }: Source, beside: Beside): Checked {
  const decoded = decode(source);
  const parsed = parse(decoded.text);
  const { problems, site, ids } = decoded.problem === undefined ? judge(parsed, beside) : { problems: [decoded.problem], site: undefined, ids: [] };
  const kind = site === undefined ? foreignKind(decoded.text, parsed.document) : undefined;
  const said = kind === undefined || (kind === "other" && problems.every(({ code }) => ofAnyFile.has(code))) ? firstProblems(problems, beside.most) : [notADescription(kind)];
  const written = () => (parsed.document === undefined || parsed.problems.length > 0 ? undefined : dataOf(parsed.document));
  return verdict({ file, site, targets: ids, written, diagnostics: diagnose(said, { file, text: decoded.text, parsed, foreign: kind !== undefined }) });
}

function notADescription(kind: Foreign): Problem {
  return { code: "not-a-description", arguments: { kind }, place: { offset: 0 } };
}

/** Problems that any file can have, such as its size or encoding. */
const ofAnyFile: ReadonlySet<Code> = new Set<Code>(["empty", "not-utf-8", "too-large", "too-many-tokens", "yaml-depth", "yaml-alias-limit"]);

/**
 * Adds the diagnostics about the certificate's files to those of a valid description.
 *
 * @param now milliseconds since 1970
 */
export function checkFiles({ source, file }: Source, checked: Checked, facts: CertificateFacts, now: number): Checked {
  const { text } = decode(source);
  const parsed = parse(text);
  const shape = validateShape(parsed.data, limits.problems);
  if (checked.site === undefined || !("description" in shape)) return checked;
  const problems = certificateProblems({ site: checked.site, description: shape.description }, facts, now);
  return verdict({ ...checked, diagnostics: [...checked.diagnostics, ...diagnose(firstProblems(problems, limits.problems), { file, text, parsed, foreign: false })] });
}

/** Whether the proxy's host has the files of the described certificate: not without TLS, and not if it is an appliance. */
export function hasFiles({ site, targets: ids }: Checked): boolean {
  return site !== undefined && !site.proxy.tlsBefore && site.tls.issuer !== "proxy" && !ids.some(isAppliance);
}

/** Sorts the diagnostics by place, and removes the site if there is an error. */
function verdict({ diagnostics, site, ...rest }: Checked): Checked {
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { ...rest, site: failed ? undefined : site, diagnostics: diagnostics.toSorted((left, right) => left.line - right.line || left.column - right.column) };
}

interface Judgement {
  readonly problems: readonly Problem[];
  readonly site: Site | undefined;
  readonly ids: readonly TargetId[];
}

function judge(parsed: Parsed, { wanted, taken, neighbours, most }: Beside): Judgement {
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
  const { data, missing } = repair(parsed.data, shape.problems);
  const rest = validateShape(data, most);
  const across = "description" in rest && tooManyNames(rest.description) === undefined ? judgeAcross(rest.description, { wanted, lists, missing }).problems : [];
  return { problems: [...shape.problems, ...across], site: undefined, ids: [] };
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
  const asked = wanted ?? description.targets;
  const entry = (id: TargetId) => (wanted === undefined ? `/targets/${description.targets.indexOf(id)}` : undefined);
  const ids = targetIds.filter((id) => asked.includes(id));
  // A run for mailcow's files alone is about the servers of the description.
  const site = believed(resolve(description), ids.some((id) => serverOf(targets[id]) !== undefined) ? ids : description.targets);
  const sound = (pointer: string) => !missing.some((left) => related(left, pointer));
  const appliance = ids.some(isAppliance);
  const libraries = librariesOf(ids);
  const problems = [
    ...rules.filter(({ reads }) => reads.every(sound)).flatMap((rule) => rule.check({ site, description, appliance, libraries, targets: wanted === undefined ? description.targets : undefined, listed: lists && wanted === undefined ? description.targets : undefined })),
    ...ids.flatMap((id) => besidePanel(id, ids, site, entry(id)) ?? [...twice(id, ids, entry(id)), ...targets[id].unsupported(site, entry(id))]),
  ];
  return { site, ids, problems: problems.filter(({ place, about }) => (!("pointer" in place) || sound(place.pointer)) && (about === undefined || sound(about))) };
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

function isAppliance(id: TargetId): boolean {
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
  return [{ code: "panel-target", arguments: { target: id, title, appliance }, place: { pointer: entry ?? "/targets", on: "value" } }];
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
