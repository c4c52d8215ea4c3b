/** The page that the package has: where it is, and the desktop's browser for it. */
import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "./failure.ts";

/** Beside the program's own files. @throws SurroundingsError when it is not there */
export async function pageFile(): Promise<string> {
  const file = join(import.meta.dirname, "web", "mailcow-proxy.html");
  try {
    await access(file);
    return file;
  } catch (error) {
    throw failure("read", file, error);
  }
}

/** A program that opens files still runs when it is itself the browser. */
const patience = 3000;

/** Whether the desktop has a program that opens the file. Without a desktop there is none. */
export function openInBrowser(file: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const mac = process.platform === "darwin";
  if (!mac && (env["DISPLAY"] ?? "") === "" && (env["WAYLAND_DISPLAY"] ?? "") === "") return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(mac ? "open" : "xdg-open", [file], { stdio: "ignore", detached: true });
    const waiting = setTimeout(() => {
      child.unref();
      resolve(true);
    }, patience);
    child.on("error", () => {
      clearTimeout(waiting);
      resolve(false);
    });
    child.on("exit", (status) => {
      clearTimeout(waiting);
      resolve(status === 0);
    });
  });
}
