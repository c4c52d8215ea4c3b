/** What access rules mean, written down once more, as short as can be: from rules, name, path and client to whether it gets in. */
import ipaddr from "ipaddr.js";

export interface RuleModel {
  readonly path: string;
  readonly allow: readonly string[];
  /** Absent: on every name. */
  readonly names?: readonly string[];
}

/** @param target a request target, whose path can be decoded */
export function isAdmitted(rules: readonly RuleModel[], name: string, target: string, client: string): boolean {
  const decoded = decodeURIComponent(target.split("?", 1).join(""));
  if (/\/\.{1,2}(?:\/|$)/.test(decoded)) return rules.every((rule) => admits(rule, client));
  const path = decoded.replaceAll(/\/+/g, "/");
  return [(text: string) => text, (text: string) => text.toLowerCase()].every((spelled) => {
    const fitting = rules.filter((rule) => spelled(path).startsWith(spelled(rule.path)));
    const own = fitting.filter(({ names }) => names?.includes(name) === true);
    const candidates = own.length > 0 ? own : fitting.filter(({ names }) => names === undefined);
    const [longest] = candidates.toSorted((left, right) => right.path.length - left.path.length);
    return longest === undefined || admits(longest, client);
  });
}

function admits({ allow }: RuleModel, client: string): boolean {
  const address = ipaddr.parse(client);
  return allow.some((network) => {
    if (network === "all") return true;
    const [base, prefix] = network.includes("/") ? ipaddr.parseCIDR(network) : [ipaddr.parse(network), address.kind() === "ipv4" ? 32 : 128];
    return base.kind() === address.kind() && address.match(base, prefix);
  });
}
