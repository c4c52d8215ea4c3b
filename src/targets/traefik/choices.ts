/** The routers of one name: for each combination of what is decided about a request, the most special first. */
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import { all } from "./rules.ts";

/** What holds for the requests that a rule matches; without a rule, for all. */
export interface Choice {
  readonly rule?: string;
  readonly middlewares?: readonly string[];
  readonly service?: string;
  /** Whether the client is one that a trusted proxy tells. */
  readonly forwarded?: boolean;
}

/** Of the choices of each kind, the first that matches a request holds. */
export function combined(kinds: readonly (readonly Choice[])[]): Choice[] {
  return kinds.reduce<Choice[]>((some, kind) => some.flatMap((left) => kind.map((right) => both(left, right))), [{}]);
}

function both(left: Choice, right: Choice): Choice {
  const rules = [left.rule, right.rule].filter((rule) => rule !== undefined);
  return {
    ...left,
    ...right,
    ...(rules.length === 0 ? {} : { rule: all(...rules) }),
    middlewares: [...(left.middlewares ?? []), ...(right.middlewares ?? [])],
  };
}

/** The routers, by name. */
export function routers(key: string, choices: readonly Choice[], { rule, priority, ...common }: { readonly rule: string; readonly priority: number; readonly service: string } & YamlMapping): YamlMapping {
  return Object.fromEntries(choices.map((choice, index) => [
    index === choices.length - 1 ? key : `${key}-${index + 1}`,
    {
      rule: choice.rule === undefined ? rule : all(rule, choice.rule),
      priority: priority + choices.length - 1 - index,
      ...common,
      ...(choice.service === undefined ? {} : { service: choice.service }),
      middlewares: choice.middlewares ?? [],
    },
  ]));
}
