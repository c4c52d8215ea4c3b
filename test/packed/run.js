// @ts-check
/**
 * Runs the packed and installed program with each Node that it is for, and compares what it prints with what the running
 * Node prints: at the first run, into a pipe with a slow reader, with what that run kept, and with kept files that are damaged or another Node's.
 * Exit status: 0 all passed, 1 a check failed.
 */
import { deepStrictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { userFolder } from "../user-folder.js";
import { bringNodes, installPacked, project } from "./nodes.js";
import { readSlowly } from "./slow-reader.js";

/** @typedef {{ status: number | null, signal: string | null, out: string, err: string }} Result */

const description = join(project, "examples/minimal.yaml");
const lines = {
  "--version": ["--version"],
  "--help": ["generate", "--help"],
  validate: ["validate", description],
  "validate, with a fault": ["validate", join(project, "test/cases/err/hostname-missing.yaml")],
  generate: ["generate", description],
};

/**
 * What may be in the place of a kept file.
 * @type {Record<string, (file: string, other: string) => void>}
 */
const damages = {
  "cut short": (file) => truncateSync(file, 100_000),
  empty: (file) => truncateSync(file, 0),
  "with a changed byte": (file) => {
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0x55, bytes.length >> 1);
    writeFileSync(file, bytes);
  },
  "of another Node": (file, other) => copyFileSync(other, file),
  "a folder": (file) => {
    rmSync(file);
    mkdirSync(file);
  },
};

const { nodes, missing } = bringNodes();
const folder = mkdtempSync(join(userFolder(), "packed-"));
let passed = 0;
let failed = 0;
try {
  const program = installPacked(folder);
  // What is shipped for the Node that built the package hides what is kept.
  const shipped = readdirSync(dirname(program)).filter((name) => name.endsWith(".cache"));
  check("The package has the running Node's cache", shipped, [`program.${process.version}-${process.arch}.cache`]);
  const expected = runAll(process.execPath, program, "running");
  check("The running Node generates", expected["generate"]?.out.includes("server_name mail.example.org"), true);
  check("The running Node finds the fault", expected["validate, with a fault"]?.status, 1);
  check("The running Node keeps nothing", existsSync(cacheOf("running")), false);

  const many = join(folder, "hosts");
  mkdirSync(many);
  for (const name of ["a", "b", "c", "d", "e"]) writeFileSync(join(many, `${name}.yaml`), `hostname: ${name}.example.org\n`);
  const whole = spawnSync(process.execPath, [program, "generate", many], { encoding: "utf8" });
  check("The running Node generates more than a pipe holds", whole.stdout.length > 100_000, true);

  let other = join(dirname(program), String(shipped[0]));
  for (const { version, program: node } of nodes) {
    const name = `Node ${version}`;
    check(`${name} prints the same`, runAll(node, program, version), expected);
    check(`${name} prints the same into a pipe that does not wait`, await readSlowly(node, [program, "generate", many], folder), { status: 0, out: whole.stdout, err: "" });
    check(`${name} ends well when its reader goes`, await readSlowly(node, [program, "generate", many], folder, 10), { status: 0, out: whole.stdout.slice(0, 10), err: "" });
    if (`v${version}` === process.version) continue;
    const ending = `v${version}-${process.arch}.cache`;
    check(`${name} keeps a file for each command`, readdirSync(cacheOf(version)).toSorted(), [`generate.${ending}`, `validate.${ending}`]);
    const file = join(cacheOf(version), `generate.${ending}`);
    const { ino } = statSync(file);
    check(`${name} prints the same with what it kept`, runAll(node, program, version), expected);
    check(`${name} uses what it kept`, statSync(file).ino, ino);
    const good = join(folder, `kept-${version}`);
    copyFileSync(file, good);
    for (const [kind, damage] of Object.entries(damages)) {
      damage(file, other);
      const damaged = statSync(file);
      check(`${name} prints the same with a kept file that is ${kind}`, runAll(node, program, version), expected);
      check(`${name} does not use a kept file that is ${kind}`, damaged.isDirectory() || statSync(file).ino !== damaged.ino, true);
      rmSync(file, { recursive: true });
      copyFileSync(good, file);
    }
    other = good;
  }
} finally {
  rmSync(folder, { recursive: true });
}
for (const line of missing) console.log(`Not tried: ${line}`);
console.log(`Tried the package with ${nodes.length === 0 ? "no other Node" : nodes.map(({ version }) => `Node ${version}`).join(", ")}${missing.length === 0 ? "" : "; not with all that it is for, see above"}.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} name of a home, which is made */
function homeOf(name) {
  const home = join(folder, `home-${name}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}

/** @param {string} name of a home */
function cacheOf(name) {
  return join(homeOf(name), ".cache/mailcow-proxy");
}

/**
 * @param {string} node
 * @param {string} program
 * @param {string} home by its name
 */
function runAll(node, program, home) {
  const env = { ...process.env, HOME: homeOf(home), XDG_CACHE_HOME: "", NODE_DISABLE_COMPILE_CACHE: "", NODE_OPTIONS: "" };
  /** @type {Record<string, Result>} */
  const results = {};
  for (const [name, args] of Object.entries(lines)) {
    const { status, signal, stdout: out, stderr: err } = spawnSync(node, [program, ...args], { encoding: "utf8", env });
    results[name] = { status, signal, out, err };
  }
  return results;
}

/**
 * @param {string} what
 * @param {unknown} is
 * @param {unknown} expected
 */
function check(what, is, expected) {
  try {
    deepStrictEqual(is, expected);
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED: ${what}.\n${error instanceof Error ? error.message : String(error)}`);
  }
}
