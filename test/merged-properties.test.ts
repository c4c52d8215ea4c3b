/** What holds for every extra.cf and docker-compose.override.yml, and for every value that a target sets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Document, isSeq, parse, visit } from "yaml";
import { mergeCompose } from "../src/core/compose/merge.ts";
import { mergeDovecot } from "../src/core/dovecot/merge.ts";
import { readDovecotConf } from "../src/core/dovecot/settings.ts";
import { mergeMainCf } from "../src/core/main-cf/merge.ts";
import { readMainCf } from "../src/core/main-cf/parameters.ts";
import type { MainCfSetting } from "../src/core/merged/values.ts";

const seed = 20_260_401;

const logging = { driver: "syslog", options: { "syslog-address": "udp://127.0.0.1:524", tag: "{{.Name}}" } };
const wanted = [
  { target: "docker-logging", values: { "postfix-mailcow": { logging }, "dovecot-mailcow": { logging } } },
  { target: "labels", values: { "nginx-mailcow": { labels: { "a.enable": "true", "a.rule": "Host(`mail.example.org`)" }, networks: ["front"] } } },
];

const text = fc.oneof(fc.constantFrom("syslog", "json-file", "a=b", "a.enable=true", "# no comment", "x: y", "{{.Name}}", "", "yes", "1", "$$x"), fc.string({ unit: "grapheme", maxLength: 12 }).filter((one) => !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/.test(one)));
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const service = fc.record(
  {
    labels: fc.oneof(fc.array(fc.oneof(text, fc.constantFrom("a.enable=true", "b=c")), { maxLength: 3 }), fc.dictionary(fc.constantFrom("a.enable", "b", "c"), text), fc.constant(null)),
    environment: fc.oneof(fc.dictionary(fc.constantFrom("A", "B"), scalar), fc.array(text, { maxLength: 2 })),
    command: fc.constantFrom("one\ntwo\n", "one\n\n\n", "a long text ".repeat(12)),
    networks: fc.oneof(fc.array(fc.constantFrom("front", "back"), { maxLength: 2 }), fc.constant({ back: null }), fc.constant({ front: { aliases: ["mail"] } })),
    logging: fc.oneof(fc.constant(logging), fc.constant({ driver: "syslog" }), fc.constant({ driver: "journald" }), fc.constant(null), fc.constant({})),
  },
  { requiredKeys: [] },
);
const names = fc.constantFrom("postfix-mailcow", "dovecot-mailcow", "nginx-mailcow", "rspamd-mailcow");
const data = fc.oneof(
  fc.record({ services: fc.oneof({ weight: 6, arbitrary: fc.dictionary(names, fc.oneof({ weight: 5, arbitrary: service }, { weight: 1, arbitrary: fc.constant(null) })) }, { weight: 1, arbitrary: fc.constant(null) }), volumes: fc.constant({ extra: {} }) }, { requiredKeys: [] }),
  fc.constant(null),
);

/** A compose file in many layouts: block and flow, indented by other columns, with comments and blank lines. */
const composeFile = fc.tuple(data, fc.constantFrom(2, 3, 4), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 20 }), fc.boolean(), fc.boolean()).map(([content, indent, chances, crlf, cut]) => {
  if (content === null) return "# nothing yet\n";
  const document = new Document(content);
  let at = 0;
  const chance = () => chances[at++ % chances.length] ?? 0;
  visit(document, {
    Collection(_key, node) {
      if (chance() < 2) node.flow = true;
      if (isSeq(node) || node.flow === true) return;
      if (chance() < 3) node.comment = " below";
    },
    Scalar(_key, node) {
      if (chance() < 2 && node.value !== null) node.comment = " beside";
    },
    Pair(_key, pair) {
      const { key } = pair;
      if (chance() < 2 && typeof key === "object" && key !== null && "spaceBefore" in key) key.spaceBefore = true;
    },
  });
  const written = document.toString({ indent, lineWidth: 0 });
  const ended = cut ? written.trimEnd() : written;
  return crlf ? ended.replaceAll("\n", "\r\n") : ended;
});

/** Whether all of the data is still there; null becomes what is put in its place. */
function contains(after: unknown, before: unknown): boolean {
  if (before === null || before === undefined) return true;
  if (Array.isArray(before)) return Array.isArray(after) && before.every((one: unknown) => after.some((other: unknown) => contains(other, one)));
  if (typeof before !== "object") return Object.is(after, before);
  const found = new Map(typeof after === "object" && after !== null ? Object.entries(after) : []);
  return Object.entries(before).every(([key, value]) => found.has(key) && contains(found.get(key), value));
}

function expectMerged(file: string): "merged" | "refused" {
  const { text: after, changes, problems } = mergeCompose(file, wanted);
  if (problems.length > 0) {
    expect(after).toBe(file);
    return "refused";
  }
  const [before, now] = [parse(file), parse(after)];
  expect(contains(now, before)).toBe(true);
  expect(now.services).toMatchObject({ "postfix-mailcow": { logging }, "dovecot-mailcow": { logging } });
  expect(mergeCompose(after, wanted)).toEqual({ text: after, changes: [], problems: [] });
  expect(changes.length === 0).toBe(after === file);
  // Where nothing is written on one line, and nothing stands for nothing, no line is lost.
  if (!/[[{]|\bnull\b/.test(file.replaceAll('"{{.Name}}"', ""))) {
    const lines = after.split("\n");
    let at = 0;
    for (const line of file.split("\n")) {
      at = lines.indexOf(line, at) + 1;
      if (at === 0 && line !== "") expect(line).toBe("a line of the merged file");
    }
  }
  return "merged";
}

describe("docker-compose.override.yml", () => {
  test("keeps what it has in any layout, gets the values, and is not changed again", () => {
    const ends = { merged: 0, refused: 0 };
    fc.assert(fc.property(composeFile, (file) => void ends[expectMerged(file)]++), { seed, numRuns: 200 });
    expect(ends.merged).toBeGreaterThan(50);
    expect(ends.refused).toBeGreaterThan(15);
  });

  test("is refused or merged when characters of it are lost", () => {
    fc.assert(fc.property(composeFile, fc.nat(), fc.integer({ min: 1, max: 4 }), (file, from, count) => {
      const at = from % (file.length + 1);
      const broken = file.slice(0, at) + file.slice(at + count);
      const { text: after, problems } = mergeCompose(broken, wanted);
      if (problems.length > 0) expect(after).toBe(broken);
      else expect(contains(parse(after), parse(broken))).toBe(true);
    }), { seed, numRuns: 200 });
  });

  test("gets any text as it is", () => {
    const any = fc.string({ unit: "binary", maxLength: 20 }).filter((one) => !/[\ud800-\udfff]/u.test(one));
    fc.assert(fc.property(fc.dictionary(any, any, { minKeys: 1, maxKeys: 3 }), composeFile, (labels, file) => {
      const { text: after, problems } = mergeCompose(file, [{ target: "labels", values: { "acme-mailcow": { labels } } }]);
      if (problems.length > 0) return;
      const written: unknown = parse(after).services["acme-mailcow"].labels;
      expect(written).toEqual(labels);
    }), { seed, numRuns: 150 });
  });
});

describe("extra.conf", () => {
  const networks = [{ name: "haproxy_trusted_networks", networks: ["10.13.13.1"], about: ["The proxy."] }];
  const line = fc.oneof(
    fc.constantFrom("# a comment {", "", "  ", "haproxy_trusted_networks = 10.13.13.1", "haproxy_trusted_networks=10.13.13.0/24", "mail_debug = yes", "protocol imap {", "  mail_debug = yes \\", "}", "} ", 'a = "b # c', "service x { # y", "!include_try x", "no setting", "# mailcow-proxy mail-ports: end."),
    fc.string({ unit: "binary", maxLength: 12 }).map((one) => Buffer.from(one.replaceAll("\n", "")).toString("latin1")),
  );
  const file = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, ended]) => lines.join("\n") + (ended ? "\n" : ""));

  test("keeps all that it has in one piece, trusts the proxy and nobody else, and is not changed again", () => {
    let merged = 0;
    fc.assert(fc.property(file, (before) => {
      const options = [{ target: "mail-ports", values: networks }] as const;
      const { text: after, problems } = mergeDovecot(readDovecotConf(before), options);
      if (problems.some(({ code }) => code === "extra-conf-line")) expect(after).toBe(before);
      if (problems.length > 0) return;
      merged++;
      expect(after.startsWith(before)).toBe(true);
      const { settings, faults } = readDovecotConf(after);
      expect(faults).toEqual([]);
      expect(settings.findLast(({ name, isInside }) => name === "haproxy_trusted_networks" && !isInside)?.value).toBe("10.13.13.1");
      expect(mergeDovecot(readDovecotConf(after), options)).toEqual({ text: after, changes: [], problems: [] });
    }), { seed, numRuns: 2000 });
    expect(merged).toBeGreaterThan(100);
  });
});

describe("extra.cf", () => {
  const values: readonly MainCfSetting[] = [
    { name: "relayhost", entries: ["[relay.example.net]:587"], about: ["Where mail goes."] },
    { name: "smtp_tls_policy_maps", entries: ["inline:{ { [relay.example.net]:587 = secure } }", "hash:/etc/postfix/tls"], about: [] },
  ];
  const line = fc.oneof(
    fc.constantFrom("# a comment", "", "  ", "\trelay = no", "relayhost = [relay.example.net]:587", "relayhost=", "smtp_tls_policy_maps = hash:/etc/postfix/tls", "a = b", "a = ${b}", "no value", "myhostname = x", "smtp_helo_name = $myhostname", "# mailcow-proxy relayhost: end.", "  , more {", "x = }"),
    fc.string({ unit: "binary", maxLength: 12 }).map((one) => Buffer.from(one.replaceAll("\n", "")).toString("latin1")),
  );
  const file = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, ended]) => lines.join("\n") + (ended ? "\n" : ""));

  test("keeps all that it has in one piece, begins with the name, and is not changed again", () => {
    let merged = 0;
    fc.assert(fc.property(file, (before) => {
      const options = [{ target: "relayhost", values }] as const;
      const { text: after, problems } = mergeMainCf(readMainCf(before), "mail.example.org", options);
      if (problems.some(({ code }) => code !== "extra-cf-hostname")) return;
      merged++;
      expect(after).toContain(before);
      expect(after.startsWith("myhostname = mail.example.org\n")).toBe(true);
      expect(after.endsWith("\n")).toBe(true);
      const { parameters, faults } = readMainCf(after);
      expect(faults).toEqual([]);
      expect(parameters.find(({ name }) => name === "relayhost")?.value).toBe("[relay.example.net]:587");
      expect(mergeMainCf(readMainCf(after), "mail.example.org", options)).toMatchObject({ text: after, changes: [] });
      const other = [{ target: "relayhost", values: values.slice(0, 1) }];
      expect(mergeMainCf(readMainCf(after), "mail.example.org", other).text).toContain(before);
    }), { seed, numRuns: 500 });
    expect(merged).toBeGreaterThan(50);
  });
});
