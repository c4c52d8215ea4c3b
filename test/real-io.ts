/** The program on real files, without a process of its own for each run. */
import { vi } from "vitest";
import { run } from "../src/cli/main.ts";
import { processIo } from "../src/node/process.ts";
import { silent } from "./surroundings.ts";

/** Runs it as if it had been started in a folder. */
export async function mailcowProxyIn(folder: string, args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  const pieces: Record<"out" | "err", Uint8Array[]> = { out: [], err: [] };
  const output = (key: "out" | "err") => ({ value: { ...silent, write: (text: string | Uint8Array) => void pieces[key].push(Buffer.from(typeof text === "string" ? Buffer.from(text) : text)) } });
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  // The flags of V8 that save memory would stay.
  const io = Object.defineProperties(processIo(), { stdout: output("out"), stderr: output("err"), keepMemorySmall: { value: () => {} } });
  cwd.mockRestore();
  const status = await run(args, io);
  return { status, out: Buffer.concat(pieces.out).toString(), err: Buffer.concat(pieces.err).toString() };
}
