/** Checks descriptions: from the text to a site and diagnostics. */
import { certificateProblems } from "../rules/certificate-files.ts";
import type { Neighbour } from "../rules/rule.ts";
import type { CertificateFacts } from "../core/site/certificate-facts.ts";
import { decode } from "../core/yaml/decode.ts";
import { diagnose } from "../core/problems/diagnose.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { limits } from "../core/limits.ts";
import { foreignKind } from "../core/description/foreign.ts";
import { dataOf, parse } from "../core/yaml/parse.ts";
import type { Code, Foreign, Problem } from "../core/problems/problem.ts";
import { firstProblems } from "../core/problems/first-problems.ts";
import type { Site } from "../core/site/site.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { validate as validateShape } from "../core/description/validate.ts";
import { type Beside, isAppliance, judge } from "./judge.ts";

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
