/** A server for many descriptions at once, whatever is in them. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { run } from "./command.ts";
import { proxyId } from "./description.ts";
import { freshFilesystem } from "./filesystem.ts";
import { proxy } from "./proxy.ts";
import { stockComplaints } from "./world.ts";

const folder = { nginx: "/etc/nginx/sites-enabled", apache: "/etc/apache2/sites-enabled", haproxy: "/etc/haproxy/conf.d" }[proxyId];

/** @returns what the server complains of without any of them */
export async function prepareForMany(): Promise<ReadonlySet<string>> {
  const known = await stockComplaints();
  freshFilesystem();
  await proxy.prepare();
  // The descriptions name addresses that nobody has.
  for (const family of ["ipv4", "ipv6"]) writeFileSync(`/proc/sys/net/${family}/ip_nonlocal_bind`, "1");
  if (proxyId === "apache") run("a2enmod", "-q", "headers", "http2", "proxy_http", "remoteip", "rewrite", "ssl");
  if (proxyId === "haproxy") appendFileSync("/etc/default/haproxy", `EXTRAOPTS="-S /run/haproxy-master.sock -f ${folder}"\n`);
  mkdirSync(folder, { recursive: true });
  return known;
}

/** What an administrator of so many sites gives the whole server; one site has to do without. */
export function makeRoom(): void {
  if (proxyId !== "nginx") return;
  const sizes = ["variables_hash_max_size 8192", "server_names_hash_max_size 8192", "server_names_hash_bucket_size 128", "map_hash_bucket_size 256"];
  writeFileSync("/etc/nginx/conf.d/sizes.conf", sizes.map((size) => `${size};\n`).join(""));
}

/** Where the server reads a file that is installed there. */
export function enabled({ installPath }: OutputFile): string {
  return installPath.replace("/sites-available/", "/sites-enabled/");
}

/** Writes a file, and makes the folders to it. */
export function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
