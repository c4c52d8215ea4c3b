/** Access rules and passwords: the choices that they make for a name, and their middlewares. */
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import type { Site } from "../../core/site/site.ts";
import { type Decision, accessRules } from "../shared/access.ts";
import type { Choice } from "./choices.ts";
import { all, any, dotSegments, pathsBelow } from "./rules.ts";
import { keyOf } from "./scopes.ts";

/** The middleware that admits the networks with a number. It judges the peer, or the client that trusted proxies tell. */
function admission(site: Site, number: number, forwarded: boolean): string {
  return `${keyOf(site)}-allow-${number}${forwarded ? "-forwarded" : ""}`;
}

/** The middleware that asks for a name and a password. */
function passwords(site: Site): string {
  return `${keyOf(site)}-users`;
}

/** The middleware that refuses everybody. */
export function nobody(site: Site, status: number): string {
  return `${keyOf(site)}-${status}`;
}

/** An address that no client has: Traefik takes no empty list. */
const noClient = "255.255.255.255/32";

export function refusal(status: number): YamlMapping {
  return { ipAllowList: { sourceRange: [noClient], rejectStatusCode: status } };
}

/** Names in every domain on which rules hold that are for them only. */
export function namesOfRules({ access, names }: Pick<Site, "access" | "names">): string[] {
  const served = new Set(names.exact);
  return access.flatMap((rule) => rule.names).filter((name) => !served.has(name));
}

/**
 * What the rules decide about requests for a name. A path is compared ignoring case and exactly, and the client must be
 * admitted both ways.
 */
export function accessChoices(site: Site, name: string | undefined, forwarded: boolean): Choice[] {
  const rules = accessRules(site);
  if (rules === null) return [{}];
  const decisions = rules.decisions.filter(({ names }) => names.length === 0 || (name !== undefined && names.includes(name)));
  const admits = (...some: readonly number[]) => [...new Set(some)].filter((number) => number !== 0).map((number) => admission(site, number, forwarded));
  return [
    { rule: dotSegments, middlewares: admits(...rules.admissions.map(({ number }) => number)) },
    ...decisions.flatMap((one, index) => [
      // Only a rule that is tried later can be the first that fits exactly.
      ...(rules.nested ? decisions.slice(index + 1).filter((other) => other.number !== one.number && mayFit(one, other)) : []).map((other) => ({
        rule: all(pathsBelow(one.path, true), pathsBelow(other.path, false), ...exactly(decisions.slice(index, decisions.indexOf(other)).filter((earlier) => mayFit(earlier, other)))),
        middlewares: admits(one.number, other.number),
      })),
      { rule: pathsBelow(one.path, true), middlewares: admits(one.number) },
    ]),
    {},
  ];
}

function exactly(earlier: readonly Decision[]): string[] {
  return earlier.map(({ path }) => `!${pathsBelow(path, false)}`);
}

/** Whether a path can begin with both, in one spelling or another. */
function mayFit({ path: one }: Decision, { path: other }: Decision): boolean {
  const [left, right] = [one.toLowerCase(), other.toLowerCase()];
  return left.startsWith(right) || right.startsWith(left);
}

/** What passwords decide. @param refuse the middleware for paths with dot segments */
export function passwordChoices(site: Site): Choice[] {
  if (site.basicAuth === undefined) return [{}];
  return [
    { rule: dotSegments, middlewares: [nobody(site, 403)] },
    { rule: any(site.basicAuth.paths.map((path) => pathsBelow(path, true))), middlewares: [passwords(site)] },
    {},
  ];
}

/** @param trusted the networks of trusted proxies that tell the client in X-Forwarded-For */
export function accessMiddlewares(site: Site, trusted: readonly string[]): YamlMapping {
  const admissions = accessRules(site)?.admissions ?? [];
  return Object.fromEntries([
    ...admissions.flatMap(({ number, allow }) => [
      [admission(site, number, false), { ipAllowList: { sourceRange: allow } }] as const,
      ...(trusted.length === 0 ? [] : [[admission(site, number, true), { ipAllowList: { sourceRange: allow, ipStrategy: { excludedIPs: trusted } } }] as const]),
    ]),
    ...(site.basicAuth === undefined ? [] : [
      [nobody(site, 403), refusal(403)] as const,
      [passwords(site), { basicAuth: { users: site.basicAuth.users.map(({ name, hash }) => `${name}:${hash}`), realm: "mailcow", removeHeader: true } }] as const,
    ]),
  ]);
}
