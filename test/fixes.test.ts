/**
 * Every edit that a help proposes, in every case, is made and checked again: its problem is gone, and there is no new error.
 *
 * An error is new if the description did not have it before. Rules do not read invalid values. So when an edit makes a value
 * valid, a rule may have something to say about the same value: these errors are in a list. There is no other exception.
 */
import { describe, expect, test } from "vitest";
import { flow } from "../src/core/yaml/flow.ts";
import { applyEdits } from "../src/core/yaml/apply-edits.ts";
import { pointerTokens } from "../src/core/yaml/locate.ts";
import type { Edit } from "../src/core/problems/edit.ts";
import { codes } from "../src/core/problems/message.ts";
import type { Code } from "../src/core/problems/problem.ts";
import { checkFiles, checker } from "../src/pipeline/check.ts";
import { left } from "./proposals.ts";
import { cases } from "./support.ts";

/** How a help names an edit. */
function words(edit: Edit): string {
  const [last = ""] = pointerTokens(edit.op === "move" ? edit.to : edit.pointer).slice(-1);
  return edit.op === "set" ? (typeof edit.value === "string" ? edit.value : flow(edit.value)) : edit.op === "move" ? last : "remove";
}

/** What is found at a value only once it is valid, by the proposal that makes it so. */
const uncovered: Readonly<Record<string, { readonly code: Code; readonly at: string }>> = {
  // `yes` becomes true, and then nobody may send PROXY protocol.
  "test/cases/err/wrong-types.yaml:5:29 wrong-type": { code: "proxy-protocol-nobody", at: "/proxy/proxy_protocol/accept" },
};

const proposals = (["err", "ok"] as const).flatMap((kind) =>
  cases(kind).flatMap(({ file, bytes }) => {
    const text = new TextDecoder().decode(bytes);
    return checker()({ source: bytes, file }).diagnostics.flatMap((diagnostic) => (diagnostic.edits.length === 0 ? [] : [{ name: `${file}:${diagnostic.line}:${diagnostic.column} ${diagnostic.code}`, text, diagnostic }]));
  }),
);

test("there are many proposals", () => expect(proposals.length).toBeGreaterThan(60));

describe("what a help proposes", () => {
  test.each(proposals)("in $name mends it", ({ name, text, diagnostic }) => {
    const next = uncovered[name];
    expect(left(text, diagnostic)).toEqual(next === undefined ? [] : [`${next.code} at ${next.at}`]);
    if (next !== undefined) expect(diagnostic.pointer).toBe(next.at);
  });

  test.each(proposals)("in $name is what it says", ({ diagnostic: { help, edits } }) => {
    for (const edit of edits) expect(help).toContain(words(edit));
  });
});

test("the paths of a certificate and its key are swapped", () => {
  const text = "hostname: mail.example.org\ntls: { issuer: files, certificate: /etc/ssl/key.pem, key: /etc/ssl/cert.pem }\n";
  const description = { source: text, file: "-" };
  const [swapped] = checkFiles(description, checker()(description), { certificate: { instead: "key" }, key: { instead: "certificate" } }, 0).diagnostics;
  expect(swapped?.code).toBe("certificate-swapped");
  expect(applyEdits(text, swapped?.edits ?? [])).toBe(text.replace("key.pem", "cert.pem").replace("key: /etc/ssl/cert.pem", "key: /etc/ssl/key.pem"));
});

/** Codes whose help, if there is one, gives an example or explains what to do elsewhere. A new code is in a case with edits, or here. */
const withoutEdits: readonly Code[] = [
  // The text is not YAML, so a pointer leads nowhere.
  "not-a-description", "not-utf-8", "too-large", "too-many-tokens",
  "yaml-syntax", "yaml-space", "yaml-tab", "yaml-duplicate-key", "yaml-several-documents", "yaml-indentation", "yaml-unclosed", "yaml-wildcard",
  "yaml-alias", "yaml-alias-limit", "yaml-depth", "yaml-tag", "yaml-version", "yaml-key", "empty", "not-a-mapping",
  // Only the administrator knows the value, or which of several things to give up.
  "missing-key", "banlist", "banlist-missing", "banlist-front", "count", "duration", "rspamd-plain-password", "rspamd-hash", "rspamd-read-only", "rspamd-empty", "local-mta-hostname", "login-name", "plain-secret", "too-many-items", "too-few-items", "seconds", "port", "file-path", "url-path", "email", "version", "version-unquoted",
  "too-many-names", "public-name-missing", "derived-name-too-long", "mail-domain-host", "certbot-names", "issuer-proxy-port", "email-missing", "target-issuer", "target-unneeded", "panel-challenges", "panel-target", "any-domain", "sni-wildcard", "sni-repeats",
  "certbot-wildcard", "proxy-protocol-nobody", "upstream-loop", "resolver-missing", "trusts-everyone", "version-too-old", "addresses-missing", "more",
  "tls-group-left-out", "verify-names", "mail-passes-by", "access-repeated", "access-opened", "access-login", "access-other-sites", "basic-auth-user", "basic-auth-path", "basic-auth-repeated", "front-limits", "container-target", "packages-version", "tls-before-nobody", "tls-before-target", "tls-before-public", "trusts-host",
  // The other description may be the one to change.
  "hostname-taken", "shared-listen", "shared-differs", "shared-entry-point", "shared-mail", "shared-upstream", "shared-directory", "shared-name", "shared-wildcard",
  // The files are at fault, not the description.
  "certificate-file", "certificate-content", "certificate-order", "certificate-expired", "certificate-not-yet-valid",
  "certificate-name", "certificate-key", "certificate-key-encrypted", "certificate-key-exposed", "certificate-unread",
  "certificate-expires", "acme-webroot-closed", "certificate-discovery", "certificate-chain", "certificate-self-signed",
  "section-missing", "section-unused", "mail-address", "mail-proxy", "mail-proxy-missing", "mail-public", "mail-outgoing", "mail-bans", "relayhost-self", "relayhost-name",
  // They are about mailcow.conf.
  "not-a-mailcow-conf", "conf-refused", "conf-duplicate", "conf-spelling", "conf-cleared", "conf-acme-off", "conf-removal",
  "conf-certified", "conf-discovery", "conf-sni", "conf-names-left-out", "conf-rename", "conf-acme-dns", "conf-hostname", "conf-moved", "conf-redirect", "conf-certificate",
  "conf-mail-open", "conf-mail-announced", "conf-mail-other",
  // They are about mailcow's other files.
  "not-a-compose-file", "merged-differs", "merged-elsewhere", "merged-shared", "merged-log-option", "merged-layout", "extra-cf-line", "extra-cf-hostname", "extra-conf-line", "compose-port-open",
];

test("every code has a proposal in a case, or has none", () => {
  const proposing = new Set<string>(proposals.map(({ diagnostic }) => diagnostic.code));
  proposing.add("certificate-swapped");
  expect(codes.filter((code) => !proposing.has(code)).toSorted()).toEqual(withoutEdits.toSorted());
});
