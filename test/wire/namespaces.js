// @ts-check
/**
 * Network, mount and process namespaces, in which servers are loaded with their own ports and paths without touching the
 * machine.
 */
import { spawn, spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { servers } from "../servers.js";

const namespaces = ["--net", "--uts", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

export const targets = Object.keys(servers);

/** @type {Record<string, string>} Programs that every world needs. */
const programs = { unshare: "util-linux", mount: "mount", ip: "iproute2", perl: "perl-base", openssl: "openssl" };

/**
 * @param {readonly string[]} wanted targets
 * @param {Record<string, string>} further programs, with the package that brings each
 * @returns {string[]} a line for each thing that is missing and what to do about it
 */
export function whatIsMissing(wanted, further) {
  const missing = [];
  if (process.getuid?.() !== 0) missing.push("root, for namespaces and ports below 1024: run it with sudo");
  // What is in no distribution is brought by test/current-servers.js.
  const needed = Object.assign({}, programs, further, ...wanted.map((target) => servers[target] ?? { program: target, package: target }).map((server) => (server.package === undefined ? {} : { [server.program]: server.package })));
  for (const [program, packageName] of Object.entries(needed)) {
    if (!onPath(program)) missing.push(`${program}: apt-get install ${packageName}`);
  }
  if (missing.length === 0) {
    // Containers often forbid what the programs are there for.
    const probe = "mount -t tmpfs none /run && mkdir /run/upper /run/work && " +
      "mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc && ip link set lo up";
    const trial = spawnSync("unshare", [...namespaces, "sh", "-c", probe], { encoding: "utf8" });
    if (trial.status !== 0) missing.push(`the right to make namespaces and overlay mounts (${trial.stderr.trim()}): use a virtual machine or a privileged container`);
  }
  return missing;
}

/** @param {string} program its name, or the path of something that is not for PATH */
export function onPath(program) {
  if (program.startsWith("/")) return existsSync(program);
  return (process.env["PATH"] ?? "").split(delimiter).concat("/usr/sbin", "/sbin").some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The folders of a distribution's programs. */
const binaries = ["/usr/bin", "/usr/sbin"];

/**
 * Puts a server's program in the place of the distribution's, which keeps its configuration.
 * @param {string} target
 * @param {string} program
 * @returns {{ folder: string, commands: string[] }} a new folder for PATH, and the commands for it, inside the namespaces
 */
function inPlaceOf(target, program) {
  const { program: name = target, current } = servers[target] ?? {};
  const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-server-"));
  const [starter, mounted] = [join(folder, name), join(folder, "current", name)];
  // Servers start as users of their own, which have no way into the cache.
  mkdirSync(join(folder, "current"));
  chmodSync(folder, 0o755);
  writeFileSync(mounted, "");
  writeFileSync(starter, `#!/bin/sh\nexec '${mounted}' ${current?.arguments ?? ""} "$@"\n`);
  chmodSync(starter, 0o755);
  const replaced = binaries.map((place) => join(place, name)).filter((path) => existsSync(path) && realpathSync(path) !== realpathSync(program));
  return { folder, commands: [`mount --bind '${program}' '${mounted}'`, ...replaced.map((path) => `mount --bind '${starter}' ${path}`)] };
}

/**
 * Starts a program in new namespaces, with pipes. SIGKILL to the child ends everything in them.
 * @param {readonly string[]} command
 * @param {object} options
 * @param {string} options.target the server it is for
 * @param {readonly string[]} [options.addresses] what the loopback interface gets beside its own
 * @param {Record<string, string>} [options.env]
 * @param {Record<string, string>} [options.root] the file system to be in instead of the machine's, by path, and what of
 *   the machine's is mounted into it: the key "/" is the root's own folder, the others are places in it
 * @param {string} [options.program] the server's program, in place of the distribution's
 */
export function spawnInNamespaces(command, { target, addresses = [], env = {}, root, program }) {
  const network = ["ip link set lo up", ...addresses.map((address) =>
    address.includes(":") ? `ip -6 addr add ${address}/128 dev lo nodad` : `ip addr add ${address}/32 dev lo`)];
  const server = program === undefined ? undefined : inPlaceOf(target, program);
  const enter = root === undefined ? "exec" : `${[inside(root), ...(server === undefined ? [] : [alsoInside(root, server.folder)])].join(" && ")} && exec chroot '${root["/"]}'`;
  const child = spawn("unshare", [...namespaces, "sh", "-c", `${[...network, ...(server?.commands ?? [])].join(" && ")} && ${enter} "$@"`, "sh", ...command], {
    env: {
      ...process.env,
      PATH: [...(server === undefined ? [] : [server.folder]), process.env["PATH"] ?? "", "/usr/sbin", "/sbin"].join(delimiter),
      WIRE_TARGET: target,
      // The world refuses to mount anything while it is still in this namespace.
      WIRE_OUTSIDE: readlinkSync("/proc/self/ns/mnt"),
      ...env,
    },
  });
  if (server !== undefined) child.once("close", () => rmSync(server.folder, { recursive: true }));
  return child;
}

/**
 * The mounts that make a folder a root file system to work in. It stays as it is: what is written goes to memory.
 * @param {Record<string, string>} root
 */
function inside({ "/": folder = "", ...places }) {
  return [
    // Its /etc/hosts knows no other name.
    "echo localhost >/proc/sys/kernel/hostname",
    `mount --bind '${folder}' '${folder}'`,
    `mount -o remount,bind,ro '${folder}'`,
    ...["/proc", "/sys", "/dev"].map((kernel) => `mount --rbind ${kernel} '${folder}${kernel}'`),
    ...["/run", "/tmp"].map((place) => `mount -t tmpfs none '${folder}${place}'`),
    ...Object.entries(places).map(([place, source]) => `mount --bind '${source}' '${folder}${place}'`),
  ].join(" && ");
}

/** @param {Record<string, string>} root @param {string} folder of the machine, in /tmp, with what is mounted into it */
function alsoInside({ "/": inside = "" }, folder) {
  return `mkdir '${inside}${folder}' && mount --rbind '${folder}' '${inside}${folder}'`;
}
