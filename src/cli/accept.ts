/** Checks all descriptions before anything is generated from one of them. */
import type { CheckOptions } from "../pipeline/check.ts";
import type { Asked } from "../pipeline/render.ts";
import { type Reported, reported } from "../reports/report.ts";
import { checkEach, checkOne, report } from "./descriptions.ts";
import { type Io, SurroundingsError } from "./io.ts";
import { progress } from "./progress.ts";

export interface Accepted {
  readonly count: number;
  /** Sorted by hostname, in whatever order they were given. */
  each(): AsyncGenerator<Asked>;
}

/** Up to this many descriptions stay in memory; with more, each is read again when it is needed. */
const kept = 20;
/** The same limit in host names: some descriptions have thousands. */
const keptNames = 10_000;

interface AcceptedDescription {
  readonly file: string;
  readonly hostname: string;
  readonly asked: Asked | undefined;
}

/**
 * Reports on all descriptions; undefined when one of them has an error.
 *
 * @param look gets each description without errors while it is in memory
 */
export async function accept(io: Io, files: readonly string[], options: CheckOptions, look: (asked: Asked) => Promise<void>): Promise<Accepted | undefined> {
  const noted: Reported[] = [];
  const entries: AcceptedDescription[] = [];
  let names = 0;
  const line = progress(io, "Checking", files.length);
  if (files.length > kept) io.keepMemorySmall();
  for await (const checked of checkEach(io, files, options)) {
    const { file, site, targets, diagnostics } = checked;
    if (diagnostics.length > 0) noted.push(reported(checked));
    names += site?.names.exact.length ?? 0;
    if (names > keptNames) io.keepMemorySmall();
    // Standard input can be read only once, and descriptions for one server are rendered together.
    const keep = (files.length <= kept && names <= keptNames) || options.shared === true || file === "-";
    if (site !== undefined) entries.push({ file, hostname: site.hostname, asked: keep ? { site, targets } : undefined });
    if (site !== undefined) await look({ site, targets });
    line.show(entries.length);
  }
  line.clear();
  if ((await report(io, noted, { strict: false, format: "text" })).failed) return undefined;
  entries.sort((left, right) => (`${left.hostname}/` < `${right.hostname}/` ? -1 : 1));
  return {
    count: entries.length,
    async *each() {
      for (const { file, hostname, asked } of entries) yield asked ?? (await again(io, file, hostname, options));
    },
  };
}

async function again(io: Io, file: string, hostname: string, options: CheckOptions): Promise<Asked> {
  const { site, targets } = await checkOne(io, file, options);
  if (site?.hostname === hostname) return { site, targets };
  throw new SurroundingsError(`${file} has changed since it was checked`);
}
