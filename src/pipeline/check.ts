/** The way of the data, from a description's text to a site and diagnostics. */
import { certificateProblems } from "../rules/certificate-files.ts";
import { rules } from "../rules/index.ts";
import type { Neighbour } from "../rules/rule.ts";
import { sharedRules } from "../rules/shared.ts";
import { targetIds, targets } from "../targets/index.ts";
import type { Description } from "../generated/description.ts";
import type { CertificateFacts } from "../core/site/certificate-facts.ts";
import { decode } from "../core/yaml/decode.ts";
import { diagnose } from "../core/problems/diagnose.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { limits } from "../core/limits.ts";
import { foreignKind } from "../core/description/foreign.ts";
import { type Parsed, parse } from "../core/yaml/parse.ts";
import type { Code, Foreign, Problem } from "../core/problems/problem.ts";
import { related, repair } from "../core/description/repair.ts";
import { firstProblems } from "../core/problems/first-problems.ts";
import { countNames, resolve } from "../core/site/resolve.ts";
import type { Site } from "../core/site/site.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { validate as validateShape } from "../core/description/validate.ts";

/** What became of a description: a site when it has no errors, and what there is to say about it. */
export interface Checked {
  /** The description's name in diagnostics. */
  readonly file: string;
  readonly site: Site | undefined;
  /** The targets that were asked for, in the table's order. */
  readonly targets: readonly TargetId[];
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A description to check. */
export interface Source {
  /** Text, or its bytes in UTF-8. */
  readonly source: string | Uint8Array;
  /** The name it has in diagnostics. */
  readonly file: string;
}

export interface CheckOptions {
  /** Targets in place of the descriptions' own. */
  readonly targets?: readonly TargetId[] | undefined;
  /** Whether the descriptions are for one server. */
  readonly shared?: boolean;
  /** Problems that are reported of each. */
  readonly most?: number;
}

/** Checks the descriptions of a run, each beside those that were checked before it. */
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

/** What a description is checked against. */
interface Beside {
  readonly wanted: readonly TargetId[] | undefined;
  /** Hostnames of other descriptions in the same run, and their files. */
  readonly taken: ReadonlyMap<string, string>;
  /** Other descriptions for the same server. */
  readonly neighbours: readonly Neighbour[];
  readonly most: number;
}

function check({ source, file }: Source, beside: Beside): Checked {
  const decoded = decode(source);
  const parsed = parse(decoded.text);
  const { problems, site, ids } = decoded.problem === undefined ? judge(parsed, beside) : { problems: [decoded.problem], site: undefined, ids: [] };
  const kind = site === undefined ? foreignKind(decoded.text, parsed.document) : undefined;
  const said = kind === undefined || (kind === "other" && problems.every(({ code }) => ofAnyFile.has(code))) ? firstProblems(problems, beside.most) : [notADescription(kind)];
  return verdict({ file, site, targets: ids, diagnostics: diagnose(said, { file, text: decoded.text, parsed, foreign: kind !== undefined }) });
}

function notADescription(kind: Foreign): Problem {
  return { code: "not-a-description", arguments: { kind }, place: { offset: 0 } };
}

/** What is said of a file whatever it is: how much there is of it, and how it is encoded. */
const ofAnyFile: ReadonlySet<Code> = new Set<Code>(["empty", "not-utf-8", "too-large", "too-many-tokens", "yaml-depth", "yaml-alias-limit"]);

/**
 * Adds to what was said of a valid description what there is to say of its certificate's files.
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

/** In the order of the text, and without a site when there is an error. */
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
  const shape = validateShape(parsed.data, most);
  if ("description" in shape) {
    const excess = tooManyNames(shape.description);
    if (excess !== undefined) return { problems: [excess], site: undefined, ids: [] };
    const { site, ids, problems } = judgeAcross(shape.description, wanted, []);
    const namesake = taken.get(site.hostname);
    if (namesake !== undefined) return { site, ids, problems: [...problems, hostnameTaken(site.hostname, namesake)] };
    const between = sharedRules.flatMap((rule) => first(neighbours, (neighbour) => rule.check({ site, description: shape.description }, neighbour)));
    return { site, ids, problems: [...problems, ...between] };
  }
  // The rules look at what is left when the misshapen values are taken out, so that everything is said at once.
  const { data, missing } = repair(parsed.data, shape.problems);
  const rest = validateShape(data, most);
  const across = "description" in rest && tooManyNames(rest.description) === undefined ? judgeAcross(rest.description, wanted, missing).problems : [];
  return { problems: [...shape.problems, ...across], site: undefined, ids: [] };
}

/** One neighbour that a rule minds is enough to hear of. */
function first(neighbours: readonly Neighbour[], check: (neighbour: Neighbour) => Problem[]): Problem[] {
  return neighbours.map(check).find((problems) => problems.length > 0) ?? [];
}

/** @param missing pointers of what no rule may read */
function judgeAcross(description: Description, wanted: readonly TargetId[] | undefined, missing: readonly string[]) {
  const site = resolve(description);
  const asked = wanted ?? description.targets;
  const entry = (id: TargetId) => (wanted === undefined ? `/targets/${description.targets.indexOf(id)}` : undefined);
  const ids = targetIds.filter((id) => asked.includes(id));
  const sound = (pointer: string) => !missing.some((left) => related(left, pointer));
  const problems = [
    ...rules.filter(({ reads }) => reads.every(sound)).flatMap((rule) => rule.check({ site, description })),
    ...ids.flatMap((id) => targets[id].unsupported(site, entry(id))),
  ];
  return { site, ids, problems: problems.filter(({ place }) => !("pointer" in place) || sound(place.pointer)) };
}

/** A site is made of every name that there is, so they are counted before. */
function tooManyNames(description: Description): Problem | undefined {
  const count = countNames(description);
  if (count <= limits.names) return undefined;
  const pointer = description.mail_domains === undefined ? "/additional_server_names" : "/mail_domains";
  return { code: "too-many-names", arguments: { count, limit: limits.names }, place: { pointer, on: "key" } };
}

function hostnameTaken(hostname: string, file: string): Problem {
  return { code: "hostname-taken", arguments: { hostname, file }, place: { pointer: "/hostname", on: "value" } };
}
