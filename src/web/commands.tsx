/** Commands to run, with a button to copy them. */
import { useState } from "preact/hooks";
import { copy } from "./deliver.ts";
import { words } from "./words.ts";

interface Props {
  readonly commands: readonly string[];
  readonly onFailedCopy: () => void;
}

export function Commands({ commands, onFailedCopy }: Props) {
  const [done, setDone] = useState(false);
  const text = commands.join("\n");
  const take = async () => {
    if (!(await copy(text))) return onFailedCopy();
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <div class="run">
      <h2>{words.run}</h2>
      <pre tabIndex={0} role="region" aria-label={words.run}>{text}</pre>
      <button type="button" class="small" aria-label={words.copyCommands} onClick={() => void take()}>{done ? words.copied : words.copy}</button>
    </div>
  );
}
