// @ts-check
/** A pipe that does not wait for its reader: writing to it fails while it is full. A terminal's or a supervisor's may be so. */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} folder for the pipe
 * @param {number} most bytes after which the reader goes
 */
export async function readSlowly(command, args, folder, most = Infinity) {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // Node takes the flag from what it hands to a process, and perl, which Debian has always, gives it back.
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const child = spawn("perl", ["-MFcntl", "-e", "fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK) or die; exec @ARGV or die", command, ...args], { stdio: ["ignore", writer, "pipe"] });
  closeSync(writer);
  let err = "";
  child.stderr?.on("data", (data) => (err += String(data)));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  let out = "";
  try {
    // By then the pipe is full.
    await setTimeout(1000);
    for (let read = -1; read !== 0 && out.length < most; ) {
      const chunk = Buffer.alloc(Math.min(4096, most - out.length));
      read = readNow(reader, chunk);
      if (read < 0) await setTimeout(1);
      else out += chunk.toString("latin1", 0, read);
    }
  } finally {
    closeSync(reader);
    rmSync(path);
  }
  return { status: await ended, out, err };
}

/** @param {number} file @param {Buffer} chunk @returns {number} -1 when there is nothing yet */
function readNow(file, chunk) {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return -1;
    throw error;
  }
}
