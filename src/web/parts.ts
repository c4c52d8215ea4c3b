/** The parts of the page that come after its first view. Each is fetched once. */
import { bringTargets } from "./targets.ts";

export type Editing = typeof import("./editing.ts");
export type Tools = typeof import("./tools.ts");

let editing: Promise<Editing> | undefined;
let tools: Promise<Tools> | undefined;

/** What changes a description, and the targets that it asks for. */
export async function bringEditing(asked: readonly string[]): Promise<Editing> {
  const [loaded] = await Promise.all([(editing ??= import("./editing.ts")), bringTargets(asked)]);
  return loaded;
}

/** Everything else. After it the page asks for nothing, whatever is chosen or opened. */
export async function bringTools(): Promise<Tools> {
  const [loaded] = await Promise.all([(tools ??= import("./tools.ts")), bringEditing([]), bringTargets()]);
  return loaded;
}
