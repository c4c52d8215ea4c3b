/** A scratch tree that a script takes for the whole machine: its root, with the machine's programs in /usr. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, existsSync, lchownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Outcome {
  readonly status: number;
  /** Standard error. */
  readonly said: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Shell commands before the script, outside its root, which is `$root`: mounts that last as long as the run. */
  readonly before?: string;
  /** The same after it. */
  readonly after?: string;
  /** Gives the run a loopback network of its own, and ends with it whatever it leaves running. */
  readonly network?: boolean;
  /** A process whose network the run has. */
  readonly networkOf?: number | undefined;
}

/** Where stand-ins for programs are found first. */
const standIns = "/usr/local/sbin";

export class Tree {
  readonly root = mkdtempSync(join(tmpdir(), "mailcow-proxy-tree-"));

  constructor() {
    for (const folder of ["dev", "etc/ssl", "opt", "proc", "root", "run", "tmp", "usr", "var/lib", "local/sbin"]) mkdirSync(join(this.root, folder), { recursive: true });
    for (const name of ["bin", "sbin", "lib", "lib64"]) if (existsSync(`/${name}`)) this.#mirror(name);
    for (const file of ["/etc/ld.so.cache", "/etc/ssl/openssl.cnf", "/etc/passwd"]) copyFileSync(file, join(this.root, file));
  }

  /** A merged /usr has links where older systems have folders. */
  #mirror(name: string): void {
    if (lstatSync(`/${name}`).isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(this.root, name));
    else throw new Error(`/${name} is a folder of its own: these tests need a system with a merged /usr`);
  }

  /** Where a path of the tree is; the tree's /usr/local is its own, /usr is the machine's. */
  #at(path: string): string {
    return join(this.root, path.replace(/^\/usr\/local(?=\/)/, "/local"));
  }

  write(path: string, content: string, mode = 0o644): void {
    const file = this.#at(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  link(path: string, to: string): void {
    const file = this.#at(path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    symlinkSync(to, file);
  }

  /** Gives a file or a folder, and all that is in it, to a user who has no name. */
  give(path: string, user: number): void {
    const file = this.#at(path);
    chownSync(file, user, user);
    if (statSync(file).isDirectory()) for (const name of readdirSync(file, { recursive: true, encoding: "utf8" })) lchownSync(join(file, name), user, user);
  }

  /** Makes a FIFO, or the device of /dev/zero. */
  special(path: string, kind: "fifo" | "zero"): void {
    const file = this.#at(path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { recursive: true, force: true });
    const { status, stderr } = spawnSync("mknod", [file, ...(kind === "fifo" ? ["p"] : ["c", "1", "5"])], { encoding: "utf8" });
    if (status !== 0) throw new Error(`mknod ended with ${status}: ${stderr}`);
  }

  /** A file of zeros that takes no place on the disk. */
  sparse(path: string, bytes: number): void {
    this.write(path, "");
    truncateSync(this.#at(path), bytes);
  }

  chmod(path: string, mode: number): void {
    chmodSync(this.#at(path), mode);
  }

  read(path: string): string {
    return readFileSync(this.#at(path), "utf8");
  }

  /** Where a path leads after every link in it, inside the tree. */
  target(path: string): string {
    const [, first = "", ...rest] = path.split("/");
    return rest.reduce((folder, name) => {
      const next = `${folder}/${name}`;
      const file = this.#at(next);
      if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return next;
      const to = readlinkSync(file);
      return to.startsWith("/") ? to : join(folder, to);
    }, `/${first}`);
  }

  has(path: string): boolean {
    return existsSync(this.#at(path));
  }

  remove(path: string): void {
    rmSync(this.#at(path), { recursive: true, force: true });
  }

  /** Octal, as chmod takes it. */
  mode(path: string): string {
    return (statSync(this.#at(path)).mode & 0o7777).toString(8).padStart(4, "0");
  }

  inode(path: string): string {
    const { dev, ino } = statSync(this.#at(path));
    return `${dev}:${ino}`;
  }

  /** Every file, link and folder below a folder: what it is, its mode, and what it holds. */
  everything(path: string): string[] {
    const folder = this.#at(path);
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted().map((name) => {
      const file = join(folder, name);
      const stat = lstatSync(file);
      const content = stat.isSymbolicLink() ? readlinkSync(file) : stat.isFile() ? readFileSync(file, "utf8") : "";
      return `${name} ${(stat.mode & 0o7777).toString(8)} ${content}`;
    });
  }

  /** What there is below a folder. */
  names(path: string): string[] {
    return readdirSync(this.#at(path), { recursive: true, encoding: "utf8" }).toSorted();
  }

  /** Puts a shell script in the place of a program. */
  standIn(name: string, script: string): void {
    this.write(`${standIns}/${name}`, `#!/bin/sh\n${script}\n`, 0o755);
  }

  /** Runs a program of the tree, as root with the tree as its root folder. */
  run(program: string, args: readonly string[] = [], { env = {}, before = "", after = "", network = false, networkOf }: RunOptions = {}): Promise<Outcome> {
    const enter = [
      "mount --bind /usr \"$root/usr\" && mount --bind \"$root/local\" \"$root/usr/local\" && mount --bind /dev \"$root/dev\" && mount -t proc proc \"$root/proc\" || exit 99",
      ...(network ? ["ip link set lo up || exit 99"] : []),
      before,
      "status=0; chroot \"$root\" /usr/bin/env -i PATH=\"$standins:/usr/bin:/bin\" $variables \"$@\" || status=$?",
      after,
      "exit $status",
    ].join("\n");
    return new Promise((done, failed) => {
      const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`).join(" ");
      const namespaces = ["--mount", ...(network ? ["--net", "--pid", "--fork", "--kill-child"] : [])];
      const entered = networkOf === undefined ? [] : ["nsenter", `--net=/proc/${networkOf}/ns/net`];
      const [command = "", ...words] = [...entered, "unshare", ...namespaces, "sh", "-c", enter, "sh", program, ...args];
      const child = spawn(command, words, {
        stdio: ["ignore", "ignore", "pipe"],
        env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, root: this.root, standins: standIns, variables },
      });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      child.once("error", failed);
      child.once("close", (status) => {
        if (status === 99) failed(new Error(`no mounts here, these tests need root and the right to mount: ${said}`));
        else done({ status: status ?? -1, said });
      });
    });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
