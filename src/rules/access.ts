/** Checks access rules against each other, and against what mailcow's users need. */
import { toHostName } from "../core/host-name.ts";
import { nearest } from "../core/nearest.ts";
import { admittedBy, contains, deciding, inOrder, spellings } from "../core/site/access.ts";
import { servedBy } from "../core/site/resolve.ts";
import type { AccessRule } from "../core/site/site.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";

/** Two rules for one path of one name: nobody could tell which one decides. Two spellings of a path may have the same networks. */
export const accessRepeated: Rule = {
  reads: ["/access"],
  check({ site: { access } }) {
    const taken = new Map<string, AccessRule[]>();
    return access.flatMap((rule, index): Problem[] => {
      const keys = (rule.names.length === 0 ? [""] : rule.names).map((name) => `${name}${rule.path.toLowerCase()}`);
      const other = keys.flatMap((key) => taken.get(key) ?? []).find(({ path, allow }) => path === rule.path || !contains(allow, rule.allow) || !contains(rule.allow, allow));
      for (const key of keys) taken.set(key, [...(taken.get(key) ?? []), rule]);
      return other === undefined ? [] : [{ code: "access-repeated", arguments: { path: rule.path, other: other.path }, place: { pointer: `/access/${index}/path`, on: "value" } }];
    });
  },
};

/** A rule holds only on names that the proxy serves. */
export const accessNames: Rule = {
  reads: ["/access", "/hostname", "/serve_hostname", "/mail_domains", "/discovery", "/additional_server_names"],
  check({ site, description: { access } }) {
    const isServed = servedBy(site.names);
    return access.flatMap(({ names }, rule) =>
      names.flatMap((text, index): Problem[] => {
        const result = toHostName(text);
        if ("fault" in result || isServed(result.name)) return [];
        const meant = nearest(result.name, site.names.exact);
        return [{ code: "access-name", arguments: { name: result.name, meant }, place: { pointer: `/access/${rule}/names/${index}`, on: "value" } }];
      }),
    );
  },
};

/** A rule that admits the same clients as the rule that would decide without it. */
export const accessUnneeded: Rule = {
  reads: ["/access"],
  check: ({ site: { access } }) =>
    access.flatMap((rule, index): Problem[] => {
      const others = inOrder(access.filter((other) => other !== rule));
      if (!isUnneeded(rule, others)) return [];
      const other = deciding(others, rule.names[0], rule.path)?.path;
      return [{ code: "access-unneeded", arguments: { path: rule.path, other }, place: { pointer: `/access/${index}`, on: "value" } }];
    }),
};

/** @param others in their order */
function isUnneeded(rule: AccessRule, others: readonly AccessRule[]): boolean {
  // Without it, longer rules for all names would hold again.
  if (rule.names.length > 0 && others.some((other) => begins(other, rule) && other.names.length === 0)) return false;
  const otherwise = new Set((rule.names.length === 0 ? [undefined] : rule.names).flatMap((name) => spellings.map((spelling) => deciding(others, name, rule.path, spelling))));
  return [...otherwise].map(admittedBy).every((networks) => contains(networks, rule.allow) && contains(rule.allow, networks));
}

/** A rule for a name that opens what a longer one for all names closes. */
export const accessOpened: Rule = {
  reads: ["/access"],
  check({ site: { access } }) {
    const general = access.filter(({ names }) => names.length === 0);
    const opened = new Map<AccessRule, { readonly name: string; readonly path: string }>();
    for (const [name, own] of rulesByName(access)) {
      for (const closed of general) {
        const rule = deciding(own, name, closed.path);
        if (rule !== undefined && !opened.has(rule) && begins(closed, rule) && !contains(closed.allow, rule.allow)) opened.set(rule, { name, path: closed.path });
      }
    }
    return access.flatMap((rule, index): Problem[] => {
      const found = opened.get(rule);
      return found === undefined ? [] : [{ code: "access-opened", arguments: { ...found, rule: rule.path }, place: { pointer: `/access/${index}/path`, on: "value" } }];
    });
  },
};

/** The rules of each name that has some, in their order. */
function rulesByName(access: readonly AccessRule[]): Map<string, AccessRule[]> {
  const rules = new Map<string, AccessRule[]>();
  for (const rule of inOrder(access)) {
    for (const name of rule.names) {
      const own = rules.get(name) ?? [];
      own.push(rule);
      rules.set(name, own);
    }
  }
  return rules;
}

/** Whether a rule's path is below that of another. */
function begins({ path }: AccessRule, above: AccessRule): boolean {
  return path.length > above.path.length && path.toLowerCase().startsWith(above.path.toLowerCase());
}

/** SOGo's login leads to /user, and that to /, where mailcow's login form is. */
const loginPaths = ["/", "/user"] as const;

export const accessLogin: Rule = {
  reads: ["/access"],
  check({ site: { access } }) {
    const ordered = inOrder(access);
    const needed = [undefined, ...new Set(access.flatMap(({ names }) => names))].map((name) => ({
      sogo: deciding(ordered, name, "/SOGo/so/"),
      login: loginPaths.map((path) => deciding(ordered, name, path)),
    }));
    return access.flatMap((rule, index): Problem[] => {
      const sogo = new Set(needed.flatMap((one) => (one.login.includes(rule) ? [one.sogo] : [])));
      if ([...sogo].every((one) => contains(rule.allow, admittedBy(one)))) return [];
      return [{ code: "access-login", arguments: { path: rule.path }, place: { pointer: `/access/${index}/path`, on: "value" } }];
    });
  },
};
