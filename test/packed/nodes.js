// @ts-check
/** The versions of Node that the program is for, beside the one that runs this, from npm and into a folder of the user's. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { userFolder } from "../user-folder.js";

/** @typedef {{ readonly version: string, readonly program: string }} Node */

export const project = fileURLToPath(new URL("../..", import.meta.url));

/** The oldest one is the package's own minimum. */
const oldest = /^>=(\d+\.\d+)$/.exec(JSON.parse(readFileSync(join(project, "package.json"), "utf8")).engines.node)?.[1];
if (oldest === undefined) throw new Error("package.json names no oldest Node");
const wanted = [oldest, "22", "24", "26"];

/** What npm's package `node` installs, and nothing else: with that one a script would do it. */
const npmPackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/**
 * Downloads those that are not there yet, and says so.
 * @returns {{ nodes: Node[], missing: string[] }} `missing` with the reason
 */
export function bringNodes() {
  /** @type {Node[]} */
  const nodes = [];
  /** @type {string[]} */
  const missing = [];
  for (const version of wanted) {
    const folder = join(userFolder(), `node-${version}`);
    const program = join(folder, "node_modules", npmPackage, "bin/node");
    const fault = existsSync(program) ? undefined : download(version, folder);
    const run = spawnSync(program, ["--version"], { encoding: "utf8" });
    if (run.status === 0) nodes.push({ version: run.stdout.trim().slice(1), program });
    else missing.push(`Node ${version}: ${fault ?? `${program} does not run: ${run.error?.message ?? run.stderr.trim()}`}`);
  }
  return { nodes, missing };
}

/**
 * @param {string} version
 * @param {string} folder
 * @returns {string | undefined} why it cannot be had
 */
function download(version, folder) {
  console.error(`Downloading Node ${version} into ${folder}: npm's ${npmPackage}, some 50 MB that become 200.`);
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    const { status, stderr, error } = spawnSync("npm", ["install", "--prefix", unfinished, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error", `${npmPackage}@${version}`], { encoding: "utf8" });
    if (status !== 0) return `npm cannot install ${npmPackage}@${version}: ${(error?.message ?? stderr).trim().split("\n", 1).join("")}`;
    // Another run may have brought it meanwhile.
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return undefined;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * Packs the project, which builds it, and installs the package.
 * @param {string} folder an empty one
 * @returns {string} the program's file
 */
export function installPacked(folder) {
  run("npm", ["pack", "--silent", "--pack-destination", folder, project]);
  run("sh", ["-c", `npm install --silent --no-audit --no-fund --offline --prefix "$1" "$1"/*.tgz`, "sh", folder]);
  return join(folder, "node_modules/mailcow-proxy", JSON.parse(readFileSync(join(project, "package.json"), "utf8")).bin["mailcow-proxy"]);
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`}`);
}
