/** A server for many descriptions at once, whatever is in them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { servers } from "../../../src/core/site/servers.ts";
import { proxyId } from "./description.ts";
import { freshFilesystem } from "./filesystem.ts";
import { proxy } from "./proxy.ts";
import { stockComplaints } from "./world.ts";

const installation = servers[proxyId].installations.debian;
/** Where the server reads its sites. */
const folder = installation.enabled ?? installation.folder;

/** @returns what the server complains of without any of them */
export async function prepareForMany(): Promise<ReadonlySet<string>> {
  const known = await stockComplaints();
  freshFilesystem();
  await proxy.prepare();
  // The descriptions name addresses that nobody has.
  for (const family of ["ipv4", "ipv6"]) writeFileSync(`/proc/sys/net/${family}/ip_nonlocal_bind`, "1");
  proxy.prepareForMany(folder);
  mkdirSync(folder, { recursive: true });
  return known;
}

/** Where the server reads a file that is installed there: a site in its folder, and what a site names at its own place. */
export function enabled({ installPath = "" }: OutputFile): string {
  return installPath.endsWith(installation.ending) ? join(folder, basename(installPath)) : installPath;
}

/** Merges the files among them that belong in the administrator's. */
export function mergeAll(outputs: readonly OutputFile[]): void {
  const merged = outputs.filter(({ install }) => install === "merged");
  for (const installPath of new Set(merged.map((one) => one.installPath ?? ""))) proxy.merge?.(installPath, merged.filter((one) => one.installPath === installPath).map(({ content }) => content));
}

/** Writes a file, and makes the folders to it. */
export function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
