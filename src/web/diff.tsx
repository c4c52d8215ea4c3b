/** A unified diff, with added and removed lines in colours of their own. */
interface Props {
  readonly text: string;
  readonly label: string;
}

const kinds: Readonly<Record<string, string>> = { "+": "added", "-": "removed", "@": "at" };

export function DiffView({ text, label }: Props) {
  const lines = text.split("\n").filter((line) => !/^(?:---|\+\+\+) /.test(line));
  return (
    <pre class="code diff" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => <span key={index} class={kinds[line.charAt(0)] ?? ""}>{line}</span>)}
    </pre>
  );
}
