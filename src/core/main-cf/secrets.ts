/** Finds the secrets in Postfix's parameters. */
import { type Span, secretSpans } from "../secrets/spans.ts";
import { type MainCf, type Parameter, entriesOf } from "./parameters.ts";

/** Parts that are hidden when the file is shown. */
export function secretsOf({ text, parameters }: MainCf): Span[] {
  const open = parameters.filter(isHarmless);
  let next = 0;
  // Both are in order.
  return secretSpans(text).filter(({ start, end }) => {
    while ((open[next]?.end ?? Infinity) < start) next++;
    const around = open[next];
    return around === undefined || around.start > start || around.end < end;
  });
}

/** A switch, a number, or tables in files and databases; `static:` and `inline:` have their data in the value. */
const harmless = /^(?:yes|no|\d+[smhdw]?|(?:proxy:)?(?:mysql|pgsql|sqlite|ldap|hash|btree|cdb|dbm|lmdb|texthash|regexp|pcre|cidr|socketmap|memcache|tcp|unix):[\w./:@-]+)$/;

function isHarmless({ name, value }: Parameter): boolean {
  const entries = entriesOf(value);
  return entries.every((entry) => harmless.test(entry) || (name === "smtp_tls_policy_maps" && entry.startsWith("inline:")));
}
