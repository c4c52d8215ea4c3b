/** The interfaces of rules across keys and between descriptions. */
import type { TargetId } from "../core/output/target-id.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { SoftwareId } from "../core/site/servers.ts";
import type { Site } from "../core/site/site.ts";
import type { Description } from "../generated/description.ts";

/** A description and what it means. */
export interface Resolved {
  readonly site: Site;
  /** The description with defaults, for facts that are no longer visible in the site. */
  readonly description: Description;
}

/** The input of a rule. */
interface Asked extends Resolved {
  /** Whether the proxy is an appliance, on which no files can be installed. */
  readonly appliance: boolean;
  /** What decides about the TLS of the servers that files are generated for, each once. */
  readonly libraries: readonly SoftwareId[];
  /** The targets of the description, also the default ones, if no others are asked for. */
  readonly targets: readonly TargetId[] | undefined;
  /** The targets that the description lists, if they are the ones that are generated; not the default ones. */
  readonly listed: readonly TargetId[] | undefined;
}

export interface Rule {
  /** Pointers to everything it reads. It is skipped when one of these values is invalid. */
  readonly reads: readonly string[];
  /** All problems of one kind, each at the key to change. */
  check(asked: Asked): Problem[];
}

/** An earlier description for the same server. */
export interface Neighbour {
  /** Its name in diagnostics. */
  readonly file: string;
  readonly site: Site;
}

export interface SharedRule {
  /** The problems between a description and an earlier one, each at the key to change. */
  check(resolved: Resolved, neighbour: Neighbour): Problem[];
}
