/** Files as a reproducible tar archive. */
import { createTarPacker } from "modern-tar";
import type { Groups } from "./output.ts";

export async function* tarOutput(groups: Groups): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const packed = pack(groups, controller).catch((error: unknown) => controller.error(error instanceof Error ? error : new Error(String(error))));
  const reader = readable.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
  await packed;
}

type Controller = ReturnType<typeof createTarPacker>["controller"];

/** Waits whenever the packer's buffer is full. */
async function pack(groups: Groups, controller: Controller): Promise<void> {
  const encoder = new TextEncoder();
  for await (const { files } of groups) {
    for (const { path, mode, content } of files.toSorted((left, right) => (left.path < right.path ? -1 : 1))) {
      const body = encoder.encode(content);
      const header = { name: path, size: body.length, mode: Number.parseInt(mode, 8), mtime: new Date(0), uid: 0, gid: 0 };
      const writer = controller.add(header).getWriter();
      await writer.write(body);
      await writer.close();
    }
  }
  controller.finalize();
}
