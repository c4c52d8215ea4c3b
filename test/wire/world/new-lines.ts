/**
 * Which outputs are worth loading into a further version of a server. All of them are loaded into the machine's own. What
 * another version may refuse is a line, so that an output is left out if the others have all of its lines, apart from
 * names, addresses and numbers.
 */

const hostName = /(?:\\?\.|\\-|[a-z0-9-])*[a-z][a-z0-9-]*(?:\\?\.[a-z0-9-]+)*\\?\.(?:example|test|internal|home)(?:\\?\.[a-z]+)?/gi;
const address = /\b\d+\.\d+\.\d+\.\d+(?:\/\d+)?/g;

function linesOf(texts: readonly string[]): ReadonlySet<string> {
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => !/^\s*(?:#|$)/.test(line));
  return new Set(lines.map((line) => line.replaceAll(hostName, "name").replaceAll(address, "address").replaceAll(/\d+/g, "0")));
}

/** @returns those that have lines of their own, the longest of those with the same lines */
export function withNewLines<Output extends { readonly texts: readonly string[] }>(outputs: readonly Output[]): Output[] {
  const seen = new Set<string>();
  const all = outputs.map((output) => ({ output, lines: linesOf(output.texts) }));
  return all.toSorted((left, right) => right.lines.size - left.lines.size).filter(({ lines }) => {
    const before = seen.size;
    for (const line of lines) seen.add(line);
    return seen.size > before;
  }).map(({ output }) => output);
}
