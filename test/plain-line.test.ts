/** Node's parser and yargs read a plain line alike: what it comes to is the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLine } from "../src/cli/any-line.ts";
import { completionCommand } from "../src/cli/completion.ts";
import { withoutLoneHyphens } from "../src/cli/descriptions.ts";
import { explainCommand } from "../src/cli/explain.ts";
import { generateCommand } from "../src/cli/generate.ts";
import { initCommand } from "../src/cli/init.ts";
import type { Action, Command } from "../src/cli/io.ts";
import { mergeCommand } from "../src/cli/merge.ts";
import { pageCommand } from "../src/cli/page.ts";
import { plainLine } from "../src/cli/plain-line.ts";
import { schemaCommand } from "../src/cli/schema.ts";
import { targetsCommand } from "../src/cli/targets.ts";
import { templatesCommand } from "../src/cli/templates.ts";
import { validateCommand } from "../src/cli/validate.ts";

const commands = { completion: completionCommand, explain: explainCommand, templates: templatesCommand, generate: generateCommand, init: initCommand, merge: mergeCommand, page: pageCommand, schema: schemaCommand, targets: targetsCommand, validate: validateCommand };

/** The arguments that a parser hands to a command, in place of what the command does with them. */
function handed(command: Command): { command: Command; values(): unknown } {
  let seen: unknown;
  return {
    command: (parser, word, choose) =>
      command(
        new Proxy(parser, {
          get: (target, key): unknown => {
            if (key !== "command") return Reflect.get(target, key);
            return (name: unknown, about: unknown, build: unknown, handle: (values: object) => void) =>
              Reflect.apply(Reflect.get(target, key), target, [name, about, build, (values: object) => {
                seen = values;
                handle(values);
              }]);
          },
        }),
        word,
        choose,
      ),
    values: () => seen,
  };
}

/** What commands take of yargs' values: neither aliases nor yargs' own, nor what was not given. */
function taken(values: unknown): Record<string, unknown> {
  if (typeof values !== "object" || values === null) throw new Error("the command was not called");
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => name.length > 1 && name !== "$0" && value !== undefined && !(Array.isArray(value) && value.length === 0)));
}

function readBoth(word: keyof typeof commands, given: readonly string[]): "left to yargs" | { readonly plain: unknown; readonly any: unknown } {
  const line = withoutLoneHyphens(given);
  const byNode = handed(commands[word]);
  const action: Action | undefined = plainLine(byNode.command, line);
  if (action === undefined) return "left to yargs";
  const byYargs = handed(commands[word]);
  const understood = anyLine({ name: "mailcow-proxy", width: 100, commands: { [word]: byYargs.command } }, line);
  return { plain: taken(byNode.values()), any: "action" in understood ? taken(byYargs.values()) : understood };
}

const plain: [keyof typeof commands, string[]][] = [
  ["generate", []],
  ["generate", ["a.yaml", "-t", "nginx", "b.yaml", "--target", "apache,haproxy", "-o", "out", "--check"]],
  ["generate", ["--format=json", "1e3", "0x10", "/dev/stdin", "a b", "\"quoted\""]],
  ["generate", ["--installed", "--diff", "--root", "/mnt", "--shared", "--templates=own"]],
  ["validate", ["--strict", "hosts", "--files", "--format", "sarif"]],
  ["merge", ["mail.yaml", "--into", "/opt/mailcow-dockerized/mailcow.conf", "--remove-entries", "--rename-hostname", "--write"]],
  ["init", ["--hostname", "mail.example.org", "-o", "/dev/stdin"]],
  ["init", ["--from=mailcow.conf"]],
  ["merge", []],
  ["page", []],
  ["page", ["--serve", "8765"]],
  ["schema", []],
  ["targets", []],
  ["completion", []],
  ["completion", ["fish"]],
  ["explain", []],
  ["explain", ["port-reserved"]],
  ["templates", []],
  ["templates", ["nginx", "apache/site.conf.hbs", "--export", "own"]],
  ["templates", ["--values=mail.yaml"]],
];

describe("lines that are plain", () => {
  test.each(plain)("%s %j", (word, line) => {
    const both = readBoth(word, line);
    if (both === "left to yargs") throw new Error("Node's parser did not read it");
    expect(both.plain).toEqual(both.any);
  });

  test("come to values", () => {
    expect(readBoth("merge", ["mail.yaml", "--into=mailcow.conf", "--remove-entries"])).toMatchObject({
      plain: { description: "mail.yaml", into: "mailcow.conf", removeEntries: true, renameHostname: false, write: false },
    });
  });
});

describe("lines that are left to yargs", () => {
  test.each<[keyof typeof commands, string[]]>([
    ["generate", ["--help"]],
    ["generate", ["-h"]],
    ["generate", ["--version"]],
    ["generate", ["--", "-a.yaml"]],
    ["generate", ["--outptu", "out"]],
    ["generate", ["-tnginx"]],
    ["generate", ["-t=nginx"]],
    ["generate", ["-t", "nginks"]],
    ["generate", ["-o", "a", "-o", "b"]],
    ["generate", ["-o", "-a"]],
    ["generate", ["--output="]],
    ["generate", ["--output"]],
    ["generate", ["--check=true", "-o", "out"]],
    ["generate", ["--check"]],
    ["generate", ["--no-check"]],
    ["generate", [""]],
    ["validate", ["--strict", "--strict"]],
    ["validate", ["--format", "txt"]],
    ["merge", ["a.yaml", "b.yaml", "--into", "mailcow.conf"]],
    ["merge", ["--into", "mailcow.conf", "--removeEntries"]],
    ["page", ["--serve"]],
    ["page", ["--serve=0"]],
    ["page", ["page.html"]],
    ["schema", ["more"]],
    ["completion", ["tcsh"]],
    ["explain", ["port-reserved", "yaml-tab"]],
    ["templates", ["--export", "own", "--values", "mail.yaml"]],
    ["completion", ["bash", "zsh"]],
    ["targets", ["--format", "json", "more"]],
  ])("%s %j", (word, line) => {
    expect(readBoth(word, line)).toBe("left to yargs");
  });
});

test("no line is read in two ways", () => {
  const piece = fc.constantFrom(
    "a.yaml", "b.yaml", "bash", "hosts", "out", "nginx", "apache,haproxy", "json", "text", "1", "-1", "1e3", "0x1F", "true", "false", "help", "$0", "-o\n", "/dev/stdin", "", "--", "-", "'a'", "a=b", "__proto__",
    "-t", "-o", "-h", "-x", "-to", "--target", "--target=nginx", "--target=", "--output", "--output=out", "--output=-x", "--format", "--format=json", "--check", "--diff", "--check=true",
    "--installed", "--shared", "--root", "--root=/", "--templates", "--export", "--values=a.yaml", "--files", "--strict", "--no-strict", "--into", "--into=mailcow.conf", "--write", "--remove-entries", "--removeEntries",
    "--serve", "--serve=8765", "--serve=80x", "--hostname", "--hostname=mail.example.org", "--from", "--from=mailcow.conf", "--help", "--version", "--constructor", "--a.b", "---", "-.", "-1x",
  );
  let read = 0;
  fc.assert(
    fc.property(fc.constantFrom("completion", "explain", "generate", "init", "merge", "page", "schema", "targets", "templates", "validate"), fc.array(piece, { maxLength: 6 }), (word, line) => {
      const both = readBoth(word, line);
      if (both === "left to yargs") return;
      read++;
      expect(both.plain).toEqual(both.any);
    }),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(200);
});
