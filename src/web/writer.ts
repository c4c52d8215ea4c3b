/** What yaml needs to write, which comes after the first view. */
type Writer = Readonly<Record<string, (...values: never[]) => unknown>>;

let writer: Writer = {};

/** The function of yaml's writer with this name. Called by the modules that build/web/yaml.js puts in place of yaml's. */
export function writing(name: string): (...values: never[]) => unknown {
  return (...values) => {
    const write = writer[name];
    if (write === undefined) throw new Error("the writer of YAML is not here yet");
    return write(...values);
  };
}

/** The tags of YAML 1.1, which nothing is read with. */
export const tagsOfOld: unknown[] = [];

export function bringWriter(functions: Writer, tags: readonly unknown[]): void {
  writer = functions;
  tagsOfOld.push(...tags);
}
