/** Reads the secrets that descriptions name by a file or a variable. No message repeats them. */
import { type SecretFault, secretIn } from "../core/secrets/value.ts";
import type { SecretSource } from "../core/site/site.ts";
import type { Asked } from "../pipeline/render.ts";
import { targets } from "../targets/index.ts";
import { type Io, SurroundingsError } from "./io.ts";

/** More is no secret. */
const most = 4096;

const faults: Readonly<Record<SecretFault, string>> = {
  empty: "it is empty",
  lines: "it has more than one line",
  space: "it begins or ends with white space",
  characters: "it has control characters, or is not in UTF-8",
  long: "it is too long",
};

/** The secrets of all files that the targets have. A function from a source to its secret. */
export async function secretsOf(io: Io, asked: readonly Asked[]): Promise<(source: SecretSource) => string> {
  const secrets = new Map<string, string>();
  for (const source of asked.flatMap(sourcesOf)) secrets.set(keyOf(source), await read(io, source));
  return (source) => {
    const secret = secrets.get(keyOf(source));
    if (secret === undefined) throw new Error("a secret was not read");
    return secret;
  };
}

/** Where the secrets of a description are. */
export function sourcesOf({ site, targets: ids }: Asked): SecretSource[] {
  return ids.flatMap((id) => targets[id].files([site])).flatMap(({ secret }) => secret ?? []);
}

async function read(io: Io, source: SecretSource): Promise<string> {
  const place = source.kind === "file" ? source.path : `the variable ${source.name}`;
  const text = source.kind === "file" ? new TextDecoder().decode(await io.read(source.path, most)) : io.env[source.name];
  if (text === undefined) throw new SurroundingsError(`cannot read the secret in ${place}: it is not set`);
  const found = secretIn(text);
  if ("secret" in found) return found.secret;
  throw new SurroundingsError(`cannot use the secret in ${place}: ${faults[found.fault]}`, { help: "Write only the secret there, in one line." });
}

function keyOf(source: SecretSource): string {
  return source.kind === "file" ? source.path : source.name;
}
