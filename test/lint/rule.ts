/** A rule of the lint: what no output may have, and what would have it. */

/** A directive and, where it opens a block, what is in it. */
export interface Directive {
  readonly name: string;
  /** Everything behind the name. */
  readonly value: string;
  readonly inside: readonly Directive[];
}

export interface Rule {
  readonly name: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** Where the rule comes from, when it is not our own contract. */
  readonly source?: string;
  /** A configuration that breaks it. */
  readonly bad: string;
  /** @returns the places that break it */
  readonly check: (configuration: readonly Directive[]) => string[];
}

/** All directives, those in blocks too, each behind the block that it is in. */
export function all(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((directive) => [directive, ...all(directive.inside)]);
}

export function named(directives: readonly Directive[], ...names: readonly string[]): Directive[] {
  return all(directives).filter(({ name }) => names.includes(name));
}

export function shown({ name, value }: Directive): string {
  return `${name} ${value}`.trim();
}

/** Headers that mailcow believes, in lower case. */
export const believed = ["host", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"];
/** Headers that mailcow must not get from a client. */
export const removed = ["forwarded", "proxy"];

/** The lint of a server's files. */
export interface Lint {
  readonly parse: (text: string) => Directive[];
  readonly rules: readonly Rule[];
}
