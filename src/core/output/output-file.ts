/** Generated files in memory. */
import type { TargetId } from "./target-id.ts";
import type { FileHost, Requirements } from "./target.ts";

/** A generated file. */
export interface OutputFile {
  readonly target: TargetId;
  /** Relative, with `/`: the target's ID and a file name. */
  readonly path: string;
  /** Where the file is installed on the host; undefined for text that is pasted. */
  readonly installPath: string | undefined;
  /** `mailcow` when it belongs on mailcow's host, and the proxy is on another one. */
  readonly host: FileHost;
  /** Whether it replaces the file there, is merged into a file that has other contents too, or is text that a person pastes into forms. */
  readonly install: "replaced" | "merged" | "pasted";
  /** Whether there is a secret in it, which no message or diff may show. */
  readonly isSecret: boolean;
  /** Octal, as for chmod: `0644`. */
  readonly mode: string;
  /** The group that must be able to read it, or undefined for root's. */
  readonly group: string | undefined;
  /** The command that checks the server's configuration, or undefined when there is none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  readonly requires: Requirements;
  readonly content: string;
}
