/**
 * Files with V8's code cache of a bundle: what V8 compiled in one run, for the next one. V8 checks only its own version and
 * flags. It crashes with a damaged cache, and with one from another build of the same version (Node 20.19 with a cache of
 * 20.20). So a file begins with a digest of everything that it depends on.
 */
import { readFileSync } from "node:fs";

const digestLength = 64;

/** The end of the file's name: each version of Node has its own file. */
export const cacheExtension = `${process.version}-${process.arch}.cache`;

/** @param source the bytes of the bundle */
export function sealed(cache: Uint8Array, source: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(digestOf(cache, source), "latin1"), cache]);
}

/** The cache of this source for this build of Node; undefined if there is none, or only a damaged one. */
export function readCache(file: string, source: Uint8Array): Buffer | undefined {
  try {
    const content = readFileSync(file);
    const cache = content.subarray(digestLength);
    return content.toString("latin1", 0, digestLength) === digestOf(cache, source) ? cache : undefined;
  } catch {
    // Without a cache, the program only starts more slowly.
    return undefined;
  }
}

function digestOf(cache: Uint8Array, source: Uint8Array): string {
  const { platform, arch, versions, config } = process;
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
  return hash.update(JSON.stringify([platform, arch, versions, config])).update(source).update(cache).digest("hex");
}
