/** integrations/terraform speaks the protocol of Terraform's external data source; Terraform itself is not needed. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktn/hcl2json";
import { describe, expect, test } from "vitest";
import { generate } from "../src/index.ts";
import { blocksOf, workplace } from "./documented.ts";
import { root } from "./support.ts";

const module = join(root, "integrations/terraform");
const place = workplace(() => {});

const { data, variable, output } = await parse("main.tf", readFileSync(join(module, "main.tf"), "utf8"));
const source: { program: string[]; query: Record<string, string> } = data.external.mailcow_proxy[0];
const [command = "", ...args] = source.program;

/** Does what the documentation of the provider hashicorp/external says under "External Program Protocol". */
function read(query: Record<string, string>): Record<string, string> {
  const env = { ...process.env, PATH: `${place.folder}/node_modules/.bin:${process.env["PATH"]}` };
  const { status, stdout, stderr } = spawnSync(command, args.map((word) => word.replace("${path.module}", module)), { cwd: place.folder, env, input: JSON.stringify(query), encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const result: Record<string, string> = JSON.parse(stdout);
  for (const value of Object.values(result)) expect(value).toBeTypeOf("string");
  return result;
}

const description = '# It is "quoted", and has a \\\\ and a ü.\nhostname: mail.example.org\n';

describe("the program", () => {
  test("answers with the files, as a string in an object of strings", () => {
    const result = read({ description, targets: "nginx,mailcow-conf" });
    expect(Object.keys(result)).toEqual(["files"]);
    const expected = generate(description, { targets: ["nginx", "mailcow-conf"] }).files.map(({ path, content }) => ({ path, content }));
    expect(JSON.parse(result["files"] ?? "")).toMatchObject(expected);
  });

  test("takes the description's targets for none, and JSON for YAML", () => {
    const result = read({ description: JSON.stringify({ hostname: "mail.example.org", targets: ["haproxy"] }), targets: "" });
    expect(JSON.parse(result["files"] ?? "")).toMatchObject([{ target: "haproxy" }]);
  });

  test.each([
    ["an invalid description", { description: "hostname: mail\n", targets: "" }, "-:1:11: error: mail is a host name without a domain [host-name]"],
    ["an unknown target", { description, targets: "ngin" }, "Unknown target ngin; did you mean nginx?"],
    ["no description", {}, "The query has no description."],
  ])("fails at %s, and says why", (_, query, reason) => {
    expect(() => read(query)).toThrow(reason);
  });
});

describe("the module", () => {
  test("asks with what it is given, and gives what the program answers", () => {
    expect(Object.keys(variable).toSorted()).toEqual(Object.keys(source.query).toSorted());
    expect(source.query).toEqual({ description: "${var.description}", targets: '${join(",", var.targets)}' });
    expect(output.files[0].value).toContain("jsondecode(data.external.mailcow_proxy.result.files)");
  });

  test.each([
    ["docs/configuration-management.md", blocksOf("docs/configuration-management.md")("hcl")[0] ?? "", root],
    ["examples/terraform", readFileSync(join(root, "examples/terraform/main.tf"), "utf8"), join(root, "examples/terraform")],
  ])("%s uses it as it is", async (_, text, folder) => {
    const [{ source: path, ...given }] = (await parse("main.tf", text))["module"].mailcow_proxy;
    expect(join(folder, path)).toBe(module);
    expect(Object.keys(variable)).toEqual(expect.arrayContaining(Object.keys(given)));
  });
});
