/** The steps of integrations/docker/Dockerfile, taken in folders, and what docs/ci.md runs of its image: without an engine. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { validate } from "dockerfile-utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf } from "../documented.ts";
import { filesBelow, root } from "../support.ts";

const file = "integrations/docker/Dockerfile";
const text = readFileSync(join(root, file), "utf8");
const steps = text.split("\n").filter((line) => /^[^#]/.test(line)).map((line) => line.split(" "));
const argumentsOf = (keyword: string) => steps.filter(([word]) => word === keyword).map(([, ...words]) => words.join(" "));

let scratch = "";
let image = "";
let work = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "mailcow-proxy-docker-"));
  chmodSync(scratch, 0o755);
  image = build();
  work = join(scratch, "work");
  mkdirSync(join(work, "hosts"), { recursive: true });
  for (const name of ["mailcow-proxy.yaml", "hosts/org.yaml"]) writeFileSync(join(work, name), "hostname: mail.example.org\n");
});

afterAll(() => rmSync(scratch, { recursive: true }));

/** Takes the steps, each stage in a folder of its own, and gives that of the last. */
function build(): string {
  const stages = new Map<string, string>();
  let stage = "";
  let directory = "/";
  for (const [keyword, ...words] of steps) {
    if (keyword === "FROM") {
      stage = join(scratch, `stage-${stages.size}`);
      stages.set(words[2] ?? "", stage);
    } else if (keyword === "WORKDIR") {
      directory = words[0] ?? "";
      mkdirSync(join(stage, directory), { recursive: true });
    } else if (keyword === "COPY") {
      const paths = words.filter((word) => !word.startsWith("--from="));
      const from = words.length === paths.length ? root : stages.get(words[0]?.replace("--from=", "") ?? "");
      const target = paths.pop() ?? "";
      for (const path of paths) {
        const source = join(from ?? "", path);
        const into = statSync(source).isDirectory() || !target.endsWith("/") ? target : join(target, basename(path));
        cpSync(source, join(stage, resolve(directory, into)), { recursive: true });
      }
    } else if (keyword === "RUN") {
      run(words.join(" "), join(stage, directory));
    }
  }
  return stage;
}

function run(command: string, folder: string): void {
  // What it would fetch is here already, from the same lock file.
  if (command === "npm ci --ignore-scripts") return symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const { status, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
  expect({ command, status, stderr }).toMatchObject({ status: 0 });
}

test("the Dockerfile is sound, and would not be with a mistake", () => {
  expect(validate(text)).toEqual([]);
  expect(validate(text.replace("USER", "USR"))).toEqual([expect.objectContaining({ message: "Unknown instruction: USR" })]);
});

test("both stages are one image of one version, and the user is not root", () => {
  const [first = "", last] = argumentsOf("FROM").map((words) => words.replace(/ AS .*/, ""));
  expect(first).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/);
  expect(last).toBe(first);
  expect(argumentsOf("USER")).toEqual(["node"]);
});

/** Stands in for the program: what is behind the image's name runs with the image's files, as its user, in the folder that is mounted at /work. */
const docker = `
docker() {
  [ "$1" != build ] || { [ "$2 $3" = "-f ${file}" ]; return; }
  shift
  user=1000:1000 folder=$IMAGE/work
  while [ "$1" != mailcow-proxy ]; do
    case $1 in
      -u) user=$2; shift ;;
      -v) case $2 in *:/work) folder=\${2%:/work} ;; esac; shift ;;
    esac
    shift
  done
  shift
  (cd "$folder" && exec setpriv --reuid "\${user%:*}" --regid "\${user#*:}" --clear-groups "$NODE" "$IMAGE$PROGRAM" "$@")
}
`;

/** Runs commands in the folder of descriptions. */
function bash(commands: string) {
  const [node, program]: string[] = JSON.parse(argumentsOf("ENTRYPOINT")[0] ?? "");
  expect(node).toBe("node");
  const env = { ...process.env, IMAGE: image, PROGRAM: program, NODE: process.execPath };
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", docker + commands], { cwd: work, env, encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

const blocks = blocksOf("docs/ci.md")("sh").filter((block) => block.startsWith("docker "));

test("the document's commands do what they say", () => {
  expect(blocks.length).toBe(2);
  for (const block of blocks) expect(bash(block)).toMatchObject({ status: 0, err: "" });
  const nginx = readFileSync(join(work, "mailcow-nginx.conf"), "utf8");
  expect(nginx).toMatch(/^# nginx in front of mailcow, for mail\.example\.org\.\n/);
  expect(filesBelow(join(work, "output")).length).toBe(4);
  expect(readFileSync(join(work, "output/mail.example.org/nginx/mailcow-mail.example.org.conf"), "utf8")).toBe(nginx);
});

test("docs/install.md has a function that runs it as the program", () => {
  const [command = ""] = blocksOf("docs/install.md")("bash");
  expect(bash(`${command}mailcow-proxy generate -t nginx -o own`)).toEqual({ status: 0, out: "written    own/nginx/mailcow-mail.example.org.conf\n", err: "" });
});

test("without the folder's owner nothing can be written into it", () => {
  expect(bash('docker run --rm -v "$PWD:/work" mailcow-proxy generate -o mine')).toMatchObject({ status: 3, err: expect.stringContaining("permission denied") });
});

test("the image answers with the program's status", () => {
  expect(bash("echo 'hostname: mail' | docker run --rm -i mailcow-proxy validate -")).toMatchObject({ status: 1, err: expect.stringContaining("[host-name]") });
});
