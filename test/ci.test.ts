/** The examples of docs/ci.md do what they say. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { make } from "./certificates.ts";
import { install } from "./installed.ts";
import { root } from "./support.ts";

const text = readFileSync(join(root, "docs/ci.md"), "utf8");
const blocks = (language: string) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);

interface Workflow {
  jobs: Record<string, { steps: { run?: string; uses?: string; with?: Record<string, string> }[] }>;
}

const steps = blocks("yaml").flatMap((block) => {
  const workflow: Workflow = parse(block);
  return Object.values(workflow.jobs).flatMap((job) => job.steps);
});

let repository: string;

/** Runs a command as GitHub does, in a repository with descriptions. */
function bash(command: string) {
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", command], { cwd: repository, encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

beforeAll(async () => {
  repository = mkdtempSync(join(tmpdir(), "mailcow-proxy-ci-"));
  await install(repository);
  chmodSync(join(repository, "node_modules/mailcow-proxy/dist/bin.js"), 0o755);
  mkdirSync(join(repository, "hosts"));
  writeFileSync(join(repository, "hosts/net.yaml"), "hostname: mail.example.net\nmail_domains: [example.net]\n");
  writeFileSync(join(repository, "hosts/org.yaml"), "hostname: mail.example.org\nmail_domains: [example.org]\n");
}, 60_000);

afterAll(() => rmSync(repository, { recursive: true }));

const commands = [...blocks("sh"), ...steps.flatMap(({ run = "npm ci" }) => (run === "npm ci" ? [] : [run]))];
const commandWith = (word: string) => commands.find((command) => command.includes(word)) ?? "";

describe("with valid descriptions", () => {
  test("there are commands to run", () => expect(commands.length).toBeGreaterThanOrEqual(5));

  test.each(commands)("%s", (command) => {
    expect(bash(command)).toMatchObject({ status: 0, err: "" });
  });

  test.each(blocks("console"))("%s", (block) => {
    const [first = "", ...output] = block.split("\n");
    expect(bash(first.replace(/^\$ /, ""))).toEqual({ status: 0, out: output.join("\n"), err: "" });
  });
});

test("the line for crontab speaks of what is wrong, and of nothing else", () => {
  const [line = ""] = blocks("crontab");
  const command = line.replace(/^(?:\S+ ){6}/, "npx ").replace("/etc/mailcow-proxy.yaml", "mailcow-proxy.yaml");
  const files = { certificate: join(repository, "cert.pem"), key: join(repository, "key.pem") };
  const description = `hostname: mail.example.org\nmail_domains: []\ntls: { issuer: files, certificate: ${files.certificate}, key: ${files.key} }\n`;
  writeFileSync(join(repository, "mailcow-proxy.yaml"), description);
  expect(bash(command)).toMatchObject({ status: 1, out: "", err: expect.stringContaining(`there is no file ${files.certificate} [certificate-file]`) });
  const authority = make(repository, "authority", { subject: "/CN=Authority", authority: true });
  const made = make(repository, "made", { names: ["mail.example.org"], issuer: authority });
  writeFileSync(files.certificate, `${made.certificate}${authority.certificate}`);
  writeFileSync(files.key, made.key, { mode: 0o600 });
  expect(bash(command)).toEqual({ status: 0, out: "", err: "" });
});

describe("with a mistake and a warning", () => {
  beforeAll(() => {
    writeFileSync(join(repository, "hosts/com.yaml"), "hostname: mail\n");
    writeFileSync(join(repository, "hosts/warned.yaml"), "hostname: mail.example.com\nmailcow: { http: { bind: 0.0.0.0 } }\n");
  });

  test.each(commands.filter((command) => !command.includes("|")))("%s fails", (command) => {
    expect(bash(command).status).toBe(1);
  });

  test("the annotations say where", () => {
    expect(bash(commandWith("github")).out).toMatch(/^::error file=hosts\/com\.yaml,line=1,col=11,endColumn=15,title=host-name::[^\n]*\n::warning file=hosts\/warned\.yaml,[^\n]*\n$/);
  });

  test("the log that is uploaded is the one that was written", () => {
    const upload = steps.find(({ uses = "" }) => uses.includes("upload-sarif"));
    rmSync(join(repository, "mailcow-proxy.sarif"), { force: true });
    bash(commandWith("sarif"));
    const log: unknown = JSON.parse(readFileSync(join(repository, upload?.with?.["sarif_file"] ?? ""), "utf8"));
    expect(log).toMatchObject({ runs: [{ results: [{ ruleId: "host-name" }, { ruleId: "bind-public" }] }] });
  });

  test("jq finds the warnings", () => {
    expect(bash(commandWith("jq -r")).out).toMatch(/^hosts\/warned\.yaml:2: mailcow\.http\.bind 0\.0\.0\.0 can be reached .* \[bind-public\]\n$/);
  });

  test("GitLab gets its report", () => {
    bash(commandWith("gl-code-quality"));
    const report: unknown = JSON.parse(readFileSync(join(repository, "gl-code-quality-report.json"), "utf8"));
    expect(report).toEqual([
      { description: "mail is a name without its domain", check_name: "host-name", fingerprint: expect.stringMatching(/^[\w+/=]+$/), severity: "major", location: { path: "hosts/com.yaml", lines: { begin: 1 } } },
      expect.objectContaining({ severity: "minor", location: { path: "hosts/warned.yaml", lines: { begin: 2 } } }),
    ]);
  });
});
