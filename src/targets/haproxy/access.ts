/** The access rules as lines of a backend. */
import type { Site } from "../../core/site/site.ts";
import { accessRules } from "../shared/access.ts";
import { lines, sourceLines } from "./names.ts";

/** The view of the rules, or null if there are none. */
export function access(site: Site) {
  const rules = accessRules(site);
  if (rules === null) return null;
  const { admissions, decisions, nested } = rules;
  return {
    // Of the lines that fit, the last one counts.
    paths: decisions.toReversed().map(({ path, names, number }, index) => ({
      number,
      regex: pathRegex(path),
      // Lists of names have acls of their own, because a line has room for 64 words.
      nameLists: lines(names),
      acl: names.length === 0 ? "" : `names_${index + 1}`,
    })),
    networks: admissions.map((one) => ({ ...one, allow: sourceLines(one.allow) })),
    ipv4Networks: admissions.some(({ allow }) => allow.some((network) => !network.includes(":"))),
    nested,
  };
}

/** The paths that need a name and a password, or null. */
export function basicAuth({ hostname, basicAuth: given }: Pick<Site, "hostname" | "basicAuth">) {
  return given === undefined ? null : { list: `mailcow-${hostname}-users`, users: given.users, paths: given.paths.map(pathRegex) };
}

/** A regular expression for the decoded paths below a path, also with doubled slashes. */
function pathRegex(path: string): string {
  return `^${path.replaceAll(".", "[.]").replaceAll("/", "/+")}`;
}
