/** Tabs that the arrow keys, Home and End move through. */
interface Props {
  readonly label: string;
  /** Of the ids of tabs; that of a panel begins with `panel-`. */
  readonly prefix: string;
  readonly tabs: readonly { readonly id: string; readonly label: string; readonly dot?: boolean }[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

export function Tabs({ label, prefix, tabs, chosen, onChoose }: Props) {
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = Number.isFinite(step) ? tabs[(at + step + tabs.length) % tabs.length] : step < 0 ? tabs[0] : tabs.at(-1);
    if (next === undefined) return;
    onChoose(next.id);
    document.getElementById(`${prefix}-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ id, label: text, dot = false }) => (
        <button key={id} type="button" role="tab" id={`${prefix}-${id}`} aria-selected={id === chosen} aria-controls={id === chosen ? `panel-${id}` : undefined} tabIndex={id === chosen ? 0 : -1} onClick={() => onChoose(id)}>
          {text}{dot ? <span class="dot" aria-label="changed" role="img" /> : null}
        </button>
      ))}
    </div>
  );
}
