/** pre-commit installs the hooks from a copy of this repository, and runs them as docs/ci.md configures them. */
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf } from "../documented.ts";
import { install } from "../installed.ts";
import { root } from "../support.ts";

let scratch = "";
let hooks = "";
let repository = "";

function command(folder: string, ...[program = "", ...args]: string[]) {
  const env = { ...process.env, PRE_COMMIT_HOME: join(scratch, "home"), GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@example.org", GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@example.org" };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

/** Gives what a command prints that must not fail. */
function sure(folder: string, ...words: string[]): string {
  const result = command(folder, ...words);
  expect({ words, ...result }).toMatchObject({ status: 0 });
  return result.out;
}

const runHooks = () => command(repository, "pre-commit", "run", "--all-files", "--verbose");

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "mailcow-proxy-pre-commit-"));
  hooks = join(scratch, "mailcow-proxy");
  repository = join(scratch, "repository");
  for (const folder of [hooks, repository]) sure(scratch, "git", "init", "--quiet", folder);
  // The work tree, as the next commit would have it.
  for (const path of sure(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")) {
    if (path !== "" && existsSync(join(root, path))) cpSync(join(root, path), join(hooks, path));
  }
  sure(hooks, "git", "add", "--all");
  sure(hooks, "git", "commit", "--quiet", "--message", "Copy");

  const configuration = blocksOf("docs/ci.md")("yaml").find((block) => block.startsWith("repos:")) ?? "";
  const commit = sure(hooks, "git", "rev-parse", "HEAD").trim();
  writeFileSync(join(repository, ".pre-commit-config.yaml"), configuration.replace(/repo: .*/, `repo: ${hooks}`).replace(/rev: .*/, `rev: ${commit}`));
  mkdirSync(join(repository, "hosts"));
  writeFileSync(join(repository, "hosts/org.yaml"), "hostname: mail.example.org\n");
  install(scratch);
  sure(repository, join(scratch, "node_modules/.bin/mailcow-proxy"), "generate", "hosts", "-o", "output");
  sure(repository, "git", "add", "--all");
  sure(repository, "pre-commit", "install-hooks");
});

afterAll(() => rmSync(scratch, { recursive: true }));

test("pre-commit has nothing to say about the hooks", () => {
  expect(command(root, "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")).toEqual({ status: 0, out: "", err: "" });
});

test("the hooks pass what is right", () => {
  const { status, out } = runHooks();
  expect({ status, out }).toMatchObject({ status: 0 });
  expect(out).toMatch(/^mailcow-proxy validate\.+Passed$.*^hosts\/org\.yaml: mail\.example\.org is valid$.*^mailcow-proxy generate --check\.+Passed$.*^4 files are up to date$/ms);
});

test("they stop what is not", () => {
  appendFileSync(join(repository, "output/mail.example.org/nginx/mailcow-mail.example.org.conf"), "# edited\n");
  writeFileSync(join(repository, "hosts/com.yaml"), "hostname: mail\n");
  sure(repository, "git", "add", "--all");
  const wrong = runHooks();
  expect(wrong.status).toBe(1);
  expect(wrong.out).toMatch(/^mailcow-proxy validate\.+Failed$.*^hosts\/com\.yaml:1:11: error: .*^mailcow-proxy generate --check\.+Failed$/ms);

  sure(repository, "git", "rm", "--quiet", "--force", "hosts/com.yaml");
  const edited = runHooks();
  expect(edited.status).toBe(1);
  expect(edited.out).toMatch(/^mailcow-proxy validate\.+Passed$.*^edited by hand +output\/mail\.example\.org\/nginx\//ms);
});
