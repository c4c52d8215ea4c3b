/** The descriptions in docs/situations, to start from. */
import { useRef } from "preact/hooks";
import { situations } from "situations";
import { words } from "./words.ts";

interface Props {
  readonly onChoose: (title: string, text: string) => void;
}

export function Situations({ onChoose }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={({ key }) => key === "Escape" && close(menu.current, true)}
      onFocusOut={({ relatedTarget, currentTarget }) => !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) && close(currentTarget, false)}
    >
      <summary>{words.situations}</summary>
      <ul>
        {situations.map(({ title, text }) => (
          <li key={title}><button type="button" onClick={() => {
            close(menu.current, true);
            onChoose(title, text);
          }}>{title}</button></li>
        ))}
      </ul>
    </details>
  );
}

/** @param back whether the focus goes back to the menu's button */
function close(menu: HTMLDetailsElement | null, back: boolean): void {
  if (menu === null) return;
  menu.open = false;
  if (back) menu.querySelector("summary")?.focus();
}
