/** Access rules as a map of the path, and passwords. */
import type { Site } from "../../core/site/site.ts";
import { matching } from "./client.ts";
import { accessRules } from "../shared/access.ts";
import { alternatives, quoted } from "../shared/spelling.ts";

/** The view of the rules, or null if there are none. @param matcher for the client's address */
export function access(site: Site, matcher: string) {
  const rules = accessRules(site);
  if (rules === null) return null;
  const { admissions, decisions, nested, named } = rules;
  return {
    paths: decisions.flatMap(({ path, names, number }) => {
      const hosts = names.length === 0 ? ["\\S+"] : alternatives(names.map(quoted)).map((some) => `(?:${some})`);
      const pattern = quoted(path).replaceAll("/", "/+");
      return (named ? hosts.map((host) => `${host} ${pattern}`) : [pattern]).map((each) => ({ pattern: each, number: number === 0 ? "" : String(number) }));
    }),
    admissions: admissions.map(({ number, allow, paths }) => ({ number, paths, allow: matching(matcher, allow) })),
    all: `-${admissions.map(({ number }) => number).join("-")}-`,
    nested,
    named,
  };
}

/** The paths that need a name and a password, or null. */
export function basicAuth({ basicAuth: given }: Pick<Site, "basicAuth">) {
  return given === undefined ? null : { users: given.users.map(({ name, hash }) => ({ name: userWord(name), hash })), paths: alternatives(given.paths.map((path) => quoted(path).replaceAll("/", "/+"))) };
}

/** A line that begins with `import` reads a file, also with quotes. Caddy replaces a placeholder that it does not know with nothing. */
function userWord(name: string): string {
  return name === "import" ? "import{none}" : name;
}
