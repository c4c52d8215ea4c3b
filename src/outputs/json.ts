/** Files as JSON, one per line, described by schemas/files.schema.json. */
import type { Sha256 } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { Requirements } from "../core/output/target.ts";
import type { Groups } from "./output.ts";

export async function* jsonOutput(groups: Groups, sha256: Sha256): AsyncGenerator<string> {
  yield '{"files":[';
  let before = "\n";
  for await (const { files } of groups) {
    for (const file of files) {
      yield `${before}${JSON.stringify(fields(file, sha256))}`;
      before = ",\n";
    }
  }
  yield "\n]}\n";
}

/** The fields in a fixed order, with null instead of undefined. */
function fields({ target, path, installPath, host, install, mode, group, validate, reload, requires, content }: OutputFile, sha256: Sha256) {
  return { target, path, install_path: installPath ?? null, host, install, mode, group: group ?? null, validate: validate ?? null, reload, requires: needs(requires), sha256: sha256(content), content };
}

function needs({ certificates, scripts, folders, modules }: Requirements) {
  return { certificates: certificates.map(({ certificate, key, combined }) => ({ certificate, key, combined: combined ?? null })), scripts, folders, modules };
}
