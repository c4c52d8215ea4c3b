/** The way of the data, from a description's text to diagnostics and files in memory. */
import { rules } from "../rules/index.ts";
import { targetIds, targets } from "../targets/index.ts";
import { decode } from "./decode.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { type Location, locate } from "./locate.ts";
import { describe } from "./message.ts";
import { type Parsed, parse } from "./parse.ts";
import type { Problem } from "./problem.ts";
import { type TemplateOverrides, render } from "./render.ts";
import { resolve } from "./resolve.ts";
import type { Site } from "./site.ts";
import type { TargetId } from "./target.ts";
import { validate as validateShape } from "./validate.ts";

/** A file of the output. */
export interface OutputFile {
  readonly target: TargetId;
  /** Relative, with `/`: `nginx/mailcow-mail.example.org.conf`. */
  readonly path: string;
  /** Where the file belongs on the host. */
  readonly installPath: string;
  /** Octal, as chmod takes it: `0644`. */
  readonly mode: string;
  /** The server's own check of its configuration, or undefined where it has none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  readonly content: string;
}

/** What became of a description: a site when it has no errors, and what there is to say about it. */
export interface Checked {
  readonly site: Site | undefined;
  /** The targets that were asked for, in the table's order. */
  readonly targets: readonly TargetId[];
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param source the description: text, or its bytes in UTF-8
 * @param file the name it has in diagnostics
 * @param wanted targets in place of the description's own
 */
export function check(source: string | Uint8Array, file: string, wanted?: readonly TargetId[]): Checked {
  const decoded = decode(source);
  const parsed = parse(decoded.text);
  const { problems, site, ids } = decoded.problem === undefined ? judge(parsed, wanted) : { problems: [decoded.problem], site: undefined, ids: [] };
  const diagnostics = problems
    .map((problem) => toDiagnostic(problem, file, locate(problem.place, decoded.text, parsed.lines, parsed.document)))
    .toSorted((left, right) => left.line - right.line || left.column - right.column);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { site: failed ? undefined : site, targets: ids, diagnostics };
}

/** The files of a site, in the order of the targets. */
export function renderAll(site: Site, ids: readonly TargetId[], overrides?: TemplateOverrides): OutputFile[] {
  return ids.map((id) => {
    const target = targets[id];
    return {
      target: id,
      path: `${id}/${target.fileName(site)}`,
      installPath: target.installPath(site),
      mode: target.mode,
      validate: target.validate,
      reload: target.reload,
      content: render(target, site, overrides),
    };
  });
}

interface Judgement {
  readonly problems: readonly Problem[];
  readonly site: Site | undefined;
  readonly ids: readonly TargetId[];
}

function judge(parsed: Parsed, wanted: readonly TargetId[] | undefined): Judgement {
  if (parsed.problems.length > 0) return { problems: parsed.problems, site: undefined, ids: [] };
  const shape = validateShape(parsed.data);
  if ("problems" in shape) return { problems: shape.problems, site: undefined, ids: [] };
  const { description } = shape;
  const site = resolve(description);
  const asked = wanted ?? description.targets;
  const ids = targetIds.filter((id) => asked.includes(id));
  const problems = [
    ...rules.flatMap((rule) => rule({ site, description, targets: ids })),
    ...ids.flatMap((id) => targets[id].unsupported(site)),
  ];
  return { problems, site, ids };
}

function toDiagnostic(problem: Problem, file: string, location: Location): Diagnostic {
  const { severity, message, help } = describe(problem);
  const pointer = "pointer" in problem.place ? problem.place.pointer : undefined;
  return { code: problem.code, severity, file, ...location, pointer, message, help };
}
