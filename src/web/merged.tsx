/** What merging does to an opened file of mailcow. The file itself is never shown, only without its secrets. */
import { useMemo } from "preact/hooks";
import type { MergeOptions } from "../core/mailcow-conf/merge.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { Code } from "./code.tsx";
import { Commands } from "./commands.tsx";
import { download } from "./deliver.ts";
import { DiffView } from "./diff.tsx";
import type { MergeResult, ToMerge } from "./merge-file.ts";
import { Problem } from "./problems.tsx";
import { words } from "./words.ts";

export interface OpenFile extends ToMerge {
  /** The file's name. */
  readonly name: string;
  /** What there is to say about taking the description from it. */
  readonly taken: readonly Diagnostic[];
  /** The options that there are for this file. */
  readonly choices: readonly (keyof MergeOptions)[];
}

interface Props {
  readonly file: OpenFile;
  /** Undefined while the description has an error. */
  readonly merge: ((file: ToMerge) => MergeResult) | undefined;
  readonly onOptions: (options: MergeOptions) => void;
  readonly onClose: () => void;
  readonly onFailedCopy: () => void;
}

export function MergedView({ file, merge, onOptions, onClose, onFailedCopy }: Props) {
  const { name, options, choices, taken } = file;
  const merged = useMemo(() => merge?.(file), [file, merge]);
  const about = merged?.diagnostics ?? [];
  const found = [...about, ...taken.filter(({ message }) => !about.some((other) => other.message === message))];
  return (
    <div class="merged">
      <p class="quiet">{words.mergedPromise}</p>
      {merged === undefined ? <p class="notice">{words.mergedInvalid}</p> : merged.unneeded === undefined ? <Changes name={name} merged={merged} /> : <p class="notice">{words.mergedUnneeded(merged.unneeded)}</p>}
      {choices.length === 0 ? null : (
        <fieldset class="options">
          <legend class="hidden">{words.yours(name)}</legend>
          {choices.map((choice) => <label key={choice} class="check"><input type="checkbox" checked={options[choice] === true} onChange={({ currentTarget }) => onOptions({ ...options, [choice]: currentTarget.checked })} /> <span>{words.mergeOptions[choice][0]} <code class="quiet">{words.mergeOptions[choice][1]}</code></span></label>)}
        </fieldset>
      )}
      {found.length === 0 ? null : (
        <section aria-label={words.mergedProblems}>
          <ul>{found.map((diagnostic, index) => <li key={index}><Problem diagnostic={diagnostic}><Excerpt diagnostic={diagnostic} /></Problem></li>)}</ul>
        </section>
      )}
      {merged?.bytes === undefined || merged.changes.length === 0 ? null : <Commands commands={merged.commands} onFailedCopy={onFailedCopy} />}
      <p><button type="button" onClick={onClose}>{words.mergedClose}</button></p>
    </div>
  );
}

function Changes({ name, merged: { bytes, changes, diff, shown } }: { readonly name: string; readonly merged: MergeResult }) {
  const valueOf = (value: string | undefined) => (value === undefined ? words.mergedAbsent : value === "" ? words.mergedEmpty : value);
  return (
    <>
      {bytes === undefined ? <p class="notice">{words.mergedRefused}</p> : null}
      {changes.length === 0 ? (bytes === undefined ? null : <p>{words.mergedNothing}</p>) : (
        <>
          <h2>{words.mergedChanges}</h2>
          <div class="scroll" tabIndex={0} role="region" aria-label={words.mergedChanges}>
            <table>
              <thead><tr><th scope="col">{words.mergedKey}</th><th scope="col">{words.mergedBefore}</th><th scope="col">{words.mergedAfter}</th></tr></thead>
              <tbody>{changes.map(({ key, before, after }, index) => <tr key={index}><th scope="row"><code>{key}</code></th><td><code class="quiet">{valueOf(before)}</code></td><td><code>{valueOf(after)}</code></td></tr>)}</tbody>
            </table>
          </div>
          <details class="group"><summary><span class="title">{words.mergedDiff}</span></summary><DiffView text={diff} label={words.mergedDiff} /></details>
          {bytes === undefined ? null : <details class="group"><summary><span class="title">{words.mergedFile}</span></summary><Code text={shown} label={words.mergedFile} plain={false} /></details>}
        </>
      )}
      {bytes === undefined || changes.length === 0 ? null : (
        <p class="take"><button type="button" class="primary" onClick={() => download(new Blob([new Uint8Array(bytes)]), name)}>{words.mergedDownload(name)}</button> <span class="quiet">{words.mergedSecrets}</span></p>
      )}
    </>
  );
}

/** The line of a problem with the part that it is about, as far as it may be shown. */
function Excerpt({ diagnostic: { line, column, length, source } }: { readonly diagnostic: Diagnostic }) {
  const points = Array.from(source ?? "");
  const [from, to] = [column - 1, column - 1 + length];
  return (
    <>
      <p class="quiet">{words.line(line)}</p>
      {points.length === 0 ? null : <pre class="excerpt" tabIndex={0} role="group" aria-label={words.line(line)}>{points.slice(0, from).join("")}<mark>{points.slice(from, to).join("")}</mark>{points.slice(to).join("")}</pre>}
    </>
  );
}
