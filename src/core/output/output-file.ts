/** Generated files in memory. */
import type { TargetId } from "./target-id.ts";
import type { FileHost, Requirements } from "./target.ts";

/** A generated file. */
export interface OutputFile {
  readonly target: TargetId;
  /** Relative, with `/`: the target's ID and a file name. */
  readonly path: string;
  /** Where the file is installed on its host. */
  readonly installPath: string;
  /** `mailcow` when it belongs on mailcow's host, and the proxy is on another one. */
  readonly host: FileHost;
  /** Whether it replaces the file there, or is merged into a file that has other contents too. */
  readonly install: "replaced" | "merged";
  /** Octal, as for chmod: `0644`. */
  readonly mode: string;
  /** The command that checks the server's configuration, or undefined when there is none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  readonly requires: Requirements;
  readonly content: string;
}
