/** What merging does to an opened mailcow.conf. The file itself is never shown. */
import { useMemo } from "preact/hooks";
import type { MergeOptions } from "../core/mailcow-conf/merge.ts";
import type { ConfDescription, MergedConf } from "../library-mailcow-conf.ts";
import { download } from "./deliver.ts";
import { DiffView } from "./diff.tsx";
import { Problem } from "./problems.tsx";
import { words } from "./words.ts";

export interface OpenConf {
  readonly bytes: Uint8Array;
  readonly taken: ConfDescription;
  readonly options: MergeOptions;
}

interface Props {
  readonly conf: OpenConf;
  readonly merge: (bytes: Uint8Array, options: MergeOptions) => MergedConf;
  /** Whether the description has an error. */
  readonly invalid: boolean;
  readonly onOptions: (options: MergeOptions) => void;
  readonly onClose: () => void;
}

export function ConfView({ conf: { bytes, taken, options }, merge, invalid, onOptions, onClose }: Props) {
  const merged = useMemo(() => (invalid ? undefined : merge(bytes, options)), [bytes, options, invalid, merge]);
  const found = [...(merged?.diagnostics ?? []), ...taken.diagnostics.filter(({ message }) => !(merged?.diagnostics ?? []).some((other) => other.message === message))];
  return (
    <div class="conf">
      <p class="quiet">{words.confPromise}</p>
      {merged === undefined ? <p class="notice">{words.confInvalid}</p> : <Changes merged={merged} />}
      <fieldset class="options">
        <legend class="hidden">{words.conf}</legend>
        <label class="check"><input type="checkbox" checked={options.removeEntries === true} onChange={({ currentTarget }) => onOptions({ ...options, removeEntries: currentTarget.checked })} /> {words.confRemove}</label>
        <label class="check"><input type="checkbox" checked={options.renameHostname === true} onChange={({ currentTarget }) => onOptions({ ...options, renameHostname: currentTarget.checked })} /> {words.confRename}</label>
      </fieldset>
      {found.length === 0 ? null : (
        <section aria-label={words.confNotTaken}>
          <ul>{found.map((diagnostic, index) => <li key={index}><Problem diagnostic={diagnostic} onHelp={() => {}}><p class="quiet">{words.line(diagnostic.line)}</p></Problem></li>)}</ul>
        </section>
      )}
      <p><button type="button" onClick={onClose}>{words.confClose}</button></p>
    </div>
  );
}

function Changes({ merged: { bytes, changes, diff } }: { readonly merged: MergedConf }) {
  const shown = (value: string | undefined) => (value === undefined ? words.confAbsent : value === "" ? words.confEmpty : value);
  return (
    <>
      {bytes === undefined ? <p class="notice">{words.confRefused}</p> : null}
      {changes.length === 0 ? (bytes === undefined ? null : <p>{words.confNothing}</p>) : (
        <>
          <h2>{words.confChanges}</h2>
          <div class="scroll" tabIndex={0} role="region" aria-label={words.confChanges}>
            <table>
              <thead><tr><th scope="col">{words.confKey}</th><th scope="col">{words.confBefore}</th><th scope="col">{words.confAfter}</th></tr></thead>
              <tbody>{changes.map(({ key, before, after }) => <tr key={key}><th scope="row"><code>{key}</code></th><td><code class="quiet">{shown(before)}</code></td><td><code>{shown(after)}</code></td></tr>)}</tbody>
            </table>
          </div>
          <details class="group"><summary><span class="title">{words.confDiff}</span></summary><DiffView text={diff} label={words.confDiff} /></details>
        </>
      )}
      {bytes === undefined || changes.length === 0 ? null : (
        <p class="take"><button type="button" class="primary" onClick={() => download(new Blob([new Uint8Array(bytes)]), "mailcow.conf")}>{words.confDownload}</button> <span class="quiet">{words.confSecrets}</span></p>
      )}
    </>
  );
}
