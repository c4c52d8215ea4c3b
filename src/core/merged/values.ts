/** What targets set in mailcow's files that belong to the administrator as well. */

/** A parameter of Postfix. */
export interface MainCfSetting {
  readonly name: string;
  /** Its value, one entry a line; a single one has no further lines. */
  readonly entries: readonly [string, ...string[]];
  /** What it is for, as comment lines without `#`. */
  readonly about: readonly string[];
}

/** A setting of Dovecot's that is a list of networks. */
export interface DovecotNetworks {
  readonly name: string;
  readonly networks: readonly string[];
  /** What it is for, as comment lines without `#`. */
  readonly about: readonly string[];
}

/** A value of a compose file. In text, `$` begins a variable of compose (see `literal`); a list is a set of words. */
export type ComposeValue = string | readonly string[] | ComposeMapping;

export interface ComposeMapping {
  readonly [key: string]: ComposeValue;
}

/** By the file's path in mailcow's folder. mailcow.conf has decisions of its own, src/core/mailcow-conf/decisions.ts. */
export interface MergedValues {
  readonly "mailcow.conf"?: true;
  readonly "data/conf/postfix/extra.cf"?: readonly MainCfSetting[];
  readonly "data/conf/dovecot/extra.conf"?: readonly DovecotNetworks[];
  /** Keys by service, for `services`. */
  readonly "docker-compose.override.yml"?: Readonly<Record<string, ComposeMapping>>;
}

/** The path of such a file in mailcow's folder. */
export type MergedFileId = keyof MergedValues;

/** The values of one target. */
export interface Wanted<Values> {
  /** The ID of the target, which marks its values in the file. */
  readonly target: string;
  readonly values: Values;
}

/** A value that merge sets or removes. */
export interface ChangedValue {
  readonly key: string;
  /** Undefined when it is not set. */
  readonly before: string | undefined;
  /** Undefined when it is removed. */
  readonly after: string | undefined;
}

/** A value that merge sets. */
export interface MergedChange extends ChangedValue {
  readonly after: string;
}
