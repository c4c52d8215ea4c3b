/** What a target comes to: a file in memory. */
import type { TargetId } from "./target-id.ts";
import type { Requirements } from "./target.ts";

/** A file of the output. */
export interface OutputFile {
  readonly target: TargetId;
  /** Relative, with `/`: the target's ID and a file name. */
  readonly path: string;
  /** Where the file belongs on the host. */
  readonly installPath: string;
  /** In place of the file that is there, or merged into one that its owner has written. */
  readonly install: "replaced" | "merged";
  /** Octal, as chmod takes it: `0644`. */
  readonly mode: string;
  /** The server's own check of its configuration, or undefined where it has none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  readonly requires: Requirements;
  readonly content: string;
}
