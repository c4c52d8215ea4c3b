/** The examples of docs/ci.md, and the integrations that it speaks of, do what they say. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { make } from "./certificates.ts";
import { blocksOf, transcripts, workplace } from "./documented.ts";
import { githubProblems } from "./github.ts";
import { root } from "./support.ts";

const blocks = blocksOf("docs/ci.md");

const read = (path: string) => readFileSync(join(root, "integrations", path), "utf8");

interface Workflow {
  jobs: Record<string, { steps: { run?: string; uses?: string; with?: Record<string, string> }[] }>;
}

const workflows = [read("github/mailcow-proxy.yml"), ...blocks("yaml").filter((block) => block.includes("\njobs:\n"))];
const steps = workflows.flatMap((text) => {
  const workflow: Workflow = parse(text);
  return Object.values(workflow.jobs).flatMap((job) => job.steps);
});

interface GitLab {
  "mailcow-proxy": { script: string[]; after_script: string[]; artifacts: { reports: { codequality: string } } };
}

const { "mailcow-proxy": job }: GitLab = parse(read("gitlab/mailcow-proxy.gitlab-ci.yml"));

const repository = workplace((folder) => {
  mkdirSync(join(folder, "hosts"));
  writeFileSync(join(folder, "hosts/net.yaml"), "hostname: mail.example.net\nmail_domains: [example.net]\n");
  writeFileSync(join(folder, "hosts/org.yaml"), "hostname: mail.example.org\nmail_domains: [example.org]\n");
});
const { bash } = repository;

// GitLab's runner ends a pipe with the status of whatever failed in it.
const gitlab = [...job.script, ...job.after_script].map((command) => `set -o pipefail\n${command}`);
// test/scripts/docker.script.ts runs those for Docker, and pre-commit.script.ts the hooks.
const commands = [...blocks("sh").filter((block) => !block.startsWith("docker ")), ...gitlab, ...steps.flatMap(({ run = "npm ci" }) => (run === "npm ci" ? [] : [run]))];
const commandWith = (word: string) => commands.find((command) => command.includes(word)) ?? "";

test("GitHub's own parser takes the workflows, and would find a mistake", async () => {
  const problems = await githubProblems(repository.folder);
  for (const workflow of workflows) expect(await problems(workflow)).toEqual([]);
  expect(await problems((workflows[0] ?? "").replace("contents: read", "contents: reed"))).toEqual([expect.stringContaining("Unexpected value 'reed'")]);
});

describe("with valid descriptions", () => {
  test("npx starts the program", () => {
    const { status, stdout } = spawnSync("npx", ["mailcow-proxy", "validate", "hosts/net.yaml"], { cwd: repository.folder, encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "hosts/net.yaml: mail.example.net is valid\n" });
  });

  test("there are commands to run", () => expect(commands.length).toBeGreaterThanOrEqual(5));

  test.each(commands)("%s", (command) => {
    expect(bash(command)).toMatchObject({ status: 0, err: "" });
  });

  test.each(transcripts(blocks("console")))("$command", ({ command, output }) => {
    expect(bash(command)).toEqual({ status: 0, out: output, err: "" });
  });
});

test("the line for crontab speaks of what is wrong, and of nothing else", () => {
  const [line = ""] = blocks("crontab");
  const command = line.replace(/^(?:\S+ ){6}/, "npx ").replace("/etc/mailcow-proxy.yaml", "mailcow-proxy.yaml");
  const files = { certificate: join(repository.folder, "cert.pem"), key: join(repository.folder, "key.pem") };
  const description = `hostname: mail.example.org\nmail_domains: []\ntls: { issuer: files, certificate: ${files.certificate}, key: ${files.key} }\n`;
  writeFileSync(join(repository.folder, "mailcow-proxy.yaml"), description);
  expect(bash(command)).toMatchObject({ status: 1, out: "", err: expect.stringContaining(`${files.certificate} does not exist [certificate-file]`) });
  const authority = make(repository.folder, "authority", { subject: "/CN=Authority", authority: true });
  const made = make(repository.folder, "made", { names: ["mail.example.org"], issuer: authority });
  writeFileSync(files.certificate, `${made.certificate}${authority.certificate}`);
  writeFileSync(files.key, made.key, { mode: 0o600 });
  expect(bash(command)).toEqual({ status: 0, out: "", err: "" });
});

describe("with a mistake and a warning", () => {
  beforeAll(() => {
    writeFileSync(join(repository.folder, "hosts/com.yaml"), "hostname: mail\n");
    writeFileSync(join(repository.folder, "hosts/warned.yaml"), "hostname: mail.example.com\nmailcow: { http: { bind: 0.0.0.0 } }\n");
  });

  test.each(commands.filter((command) => !command.includes("|")))("%s fails", (command) => {
    expect(bash(command).status).toBe(1);
  });

  test("the annotations say where", () => {
    expect(bash(commandWith("github")).out).toMatch(/^::error file=hosts\/com\.yaml,line=1,col=11,endColumn=15,title=host-name::[^\n]*\n::warning file=hosts\/warned\.yaml,[^\n]*\n$/);
  });

  test("the log that is uploaded is the one that was written", () => {
    const upload = steps.find(({ uses = "" }) => uses.includes("upload-sarif"));
    rmSync(join(repository.folder, "mailcow-proxy.sarif"), { force: true });
    bash(commandWith("sarif"));
    const log: unknown = JSON.parse(readFileSync(join(repository.folder, upload?.with?.["sarif_file"] ?? ""), "utf8"));
    expect(log).toMatchObject({ runs: [{ results: [{ ruleId: "host-name" }, { ruleId: "bind-public" }] }] });
  });

  test("jq finds the warnings", () => {
    expect(bash(commandWith("jq -r")).out).toMatch(/^hosts\/warned\.yaml:2: mailcow\.http\.bind 0\.0\.0\.0 can be reached .* \[bind-public\]\n$/);
  });

  test("GitLab gets its report", () => {
    expect(bash(commandWith("gl-code-quality")).status).toBe(0);
    const report: unknown = JSON.parse(readFileSync(join(repository.folder, job.artifacts.reports.codequality), "utf8"));
    expect(report).toEqual([
      { description: "mail is a host name without a domain; write the full name, e.g. mail.example.org", check_name: "host-name", fingerprint: "host-name hosts/com.yaml /hostname mail", severity: "major", location: { path: "hosts/com.yaml", lines: { begin: 1 } } },
      expect.objectContaining({ severity: "minor", location: { path: "hosts/warned.yaml", lines: { begin: 2 } } }),
    ]);
  });
});
