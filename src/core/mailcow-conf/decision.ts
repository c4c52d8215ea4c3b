/** What is decided about a key of mailcow.conf. */
import type { ListDecision } from "./lists.ts";

export type Decision =
  /** The key needs this value. An equivalent value stays as it is written. `absent` is the value that a missing key means. */
  | { readonly kind: "set"; readonly value: string; readonly same: (value: string) => boolean; readonly absent?: string }
  /** Like `set`, for the hostname: a different value means that the file is for another host. */
  | { readonly kind: "hostname"; readonly value: string; readonly same: (value: string) => boolean }
  /** The key needs the list's entries. */
  | ListDecision
  /** The description does not ask for this: mailcow's default `value` replaces values for which `isCleared`. `option` would keep them. */
  | { readonly kind: "clear"; readonly value: string; readonly isCleared: (value: string) => boolean; readonly option: string }
  /** The key stays as it is. `unless`: the proxy needs that it does not say yes. */
  | { readonly kind: "leave"; readonly unless?: "yes" };
