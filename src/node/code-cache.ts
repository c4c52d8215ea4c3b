/**
 * Files with V8's code cache of a bundle: what it compiled in one run, for the next one. V8 asks for its own version and
 * flags only. It crashes with the cache of another build of the same version (Node 20.19 with that of 20.20, for one),
 * or with a damaged one, so that a file begins with a digest of all that it depends on.
 */
import { readFileSync } from "node:fs";

const digestLength = 64;

/** The file's name ends so: each version of Node has its own. */
export const cacheExtension = `${process.version}-${process.arch}.cache`;

/** @param source the bytes of the bundle */
export function sealed(cache: Uint8Array, source: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(digestOf(cache, source), "latin1"), cache]);
}

/** What V8 may take for this source; undefined where there is none for this build of Node, or only a damaged one. */
export function readCache(file: string, source: Uint8Array): Buffer | undefined {
  try {
    const content = readFileSync(file);
    const cache = content.subarray(digestLength);
    return content.toString("latin1", 0, digestLength) === digestOf(cache, source) ? cache : undefined;
  } catch {
    // Without a cache the program only starts slower.
    return undefined;
  }
}

function digestOf(cache: Uint8Array, source: Uint8Array): string {
  const { platform, arch, versions, config } = process;
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
  return hash.update(JSON.stringify([platform, arch, versions, config])).update(source).update(cache).digest("hex");
}
