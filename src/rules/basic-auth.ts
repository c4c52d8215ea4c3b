/** Checks which paths ask for a password of the proxy, and the list of users. */
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";

/** Paths of clients that send mailcow's passwords in the same header. */
const needed = ["/SOGo", "/Microsoft-Server-ActiveSync", "/principals", "/.well-known", "/autodiscover", "/autoconfig", "/mail/config-v1.1.xml", "/oauth"] as const;

export const basicAuthPaths: Rule = {
  reads: ["/basic_auth"],
  check: ({ description: { basic_auth: basicAuth } }) =>
    (basicAuth?.paths ?? []).flatMap((path, index): Problem[] => {
      const found = needed.find((one) => overlap(path.toLowerCase(), one.toLowerCase()));
      return found === undefined ? [] : [{ code: "basic-auth-path", arguments: { path, needed: found }, place: { pointer: `/basic_auth/paths/${index}`, on: "value" } }];
    }),
};

/** Whether one path is, or is below, the other. */
function overlap(left: string, right: string): boolean {
  return left.startsWith(right) || right.startsWith(left);
}

export const basicAuthUsers: Rule = {
  reads: ["/basic_auth"],
  check({ site: { basicAuth } }) {
    const names = new Set<string>();
    return (basicAuth?.users ?? []).flatMap(({ name }, index): Problem[] => {
      if (!names.has(name)) {
        names.add(name);
        return [];
      }
      return [{ code: "basic-auth-repeated", arguments: {}, place: { pointer: `/basic_auth/users/${index}`, on: "value" } }];
    });
  },
};
