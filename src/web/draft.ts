/** The text in a control while it is typed, which may not be a value yet. */
import { useRef, useState } from "preact/hooks";

/**
 * @param model the value as text
 * @param canonical the text that the model becomes when a typed text is taken over: it keeps what is typed as it is
 */
export function useDraft(model: string, canonical: (typed: string) => string): readonly [text: string, type: (typed: string) => void] {
  const [draft, setDraft] = useState(model);
  const seen = useRef(model);
  if (seen.current === model) return [draft, setDraft];
  // The model has changed: by this control, or by something else.
  seen.current = model;
  if (canonical(draft) === model) return [draft, setDraft];
  setDraft(model);
  return [model, setDraft];
}
