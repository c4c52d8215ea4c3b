/** All files as one archive. */
import type { OutputFile } from "../core/output/output-file.ts";
import { tarOutput } from "../outputs/tar.ts";

/** The archive of `generate --format tar`, compressed. */
export async function archive(files: readonly OutputFile[]): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of tarOutput(groups(files))) pieces.push(new Uint8Array(piece));
  return new Response(new Blob(pieces).stream().pipeThrough(new CompressionStream("gzip"))).blob();
}

async function* groups(files: readonly OutputFile[]) {
  yield { asked: [], files };
}
