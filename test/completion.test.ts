/** What the program offers to the shells' completion. */
import { expect, test } from "vitest";
import { targetIds } from "../src/targets/index.ts";
import { mailcowProxy } from "./stand-in.ts";

const commands = ["init", "generate", "validate", "merge", "page", "schema", "targets", "templates", "explain", "hash", "completion"];

/** The lines for a command line whose last word is completed. */
async function offered(...line: string[]): Promise<string[]> {
  const { status, out, err } = await mailcowProxy(["--complete", ...line], { files: {} });
  expect({ status, err }).toEqual({ status: 0, err: "" });
  return out.split("\n").slice(0, -1);
}

test.each<[string[], string[]]>([
  [[], commands],
  [[""], commands],
  [["ge"], ["generate"]],
  [["--"], ["--help", "--version"]],
  [["generat", ""], []],
  [["__proto__", ""], []],
  [["generate", ""], [":files"]],
  [["generate", "ho"], [":files"]],
  [["generate", "--", "--f"], [":files"]],
  [["generate", "--out"], ["--output"]],
  [["generate", "--shared", "--s"], ["--secrets"]],
  [["generate", "-t", "nginx", "--ta"], ["--target"]],
  [["generate", "-t", "ng"], ["nginx", "nginx-mail", "nginx-proxy-manager"]],
  [["generate", "--target", ""], [...targetIds]],
  [["generate", "-t", "nginx,ha"], ["nginx,haproxy", "nginx,haproxy-mail"]],
  [["generate", "-t", "nginx,n"], ["nginx,nginx-mail", "nginx,nginx-proxy-manager"]],
  [["generate", "--target=ap"], ["--target=apache"]],
  [["generate", "--format", ""], ["text", "json", "tar"]],
  [["generate", "--format=j"], ["--format=json"]],
  // bash takes this apart.
  [["generate", "--format", "=", "j"], ["json"]],
  [["generate", "--format", "="], ["text", "json", "tar"]],
  [["generate", "-o", ""], [":folders"]],
  [["generate", "--output", "=", "ou"], [":folders"]],
  [["generate", "--output=ou"], [":folders"]],
  [["generate", "--templates", ""], [":folders"]],
  [["generate", "--nothing=x"], []],
  [["generate", "--check", ""], [":files"]],
  // What is wrong so far is not reported.
  [["generate", "--check", "--format", "nothing", "-t", "nothing", "--outptu", "--fo"], []],
  [["validate", "--format", "s"], ["sarif"]],
  [["merge", "--into", ""], [":files"]],
  [["merge", ""], [":files"]],
  [["init", "--from", ""], [":files"]],
  [["init", "--hostname", ""], []],
  [["init", "-o", ""], [":files"]],
  [["targets", "--format", "j"], ["json"]],
  [["hash", ""], ["rspamd"]],
  [["completion", ""], ["bash", "zsh", "fish"]],
  [["explain", "port-r"], ["port-reserved"]],
  [["templates", "nginx/t"], ["nginx/tls.conf.hbs"]],
  [["templates", "--export", ""], [":folders"]],
  [["templates", "--values", ""], [":files"]],
  [["schema", ""], []],
  [["schema", "-"], ["--help", "--version"]],
])("%j", async (line, words) => {
  expect(await offered(...line)).toEqual(words);
});

test.each([["/bin/bash", "bash"], ["/usr/bin/zsh", "zsh"], ["/usr/bin/fish", "fish"], ["/bin/dash", "bash"], ["", "bash"]])("with SHELL=%s, the script is for %s", async (SHELL, shell) => {
  const said = await mailcowProxy(["completion"], { env: { SHELL } });
  expect(said).toMatchObject({ status: 0, err: "" });
  expect(said.out).toContain(`# Completion of mailcow-proxy for ${shell}.\n`);
  expect((await mailcowProxy(["completion", shell])).out).toBe(said.out);
});
