/** Changes to a description as data, so that a help can also be a button. */

/** A value in a description, as in JSON. */
export type EditValue = string | number | boolean | readonly EditValue[];

/** Pointers are JSON Pointers (RFC 6901) into the description. */
export type Edit =
  /** Sets a key or a list entry. Mappings that are missing above it are added. */
  | { readonly op: "set"; readonly pointer: string; readonly value: EditValue }
  /** Removes a key with its value, or a list entry. */
  | { readonly op: "remove"; readonly pointer: string }
  /** Moves a value to another key. In the same mapping, the key gets another name and stays where it is. */
  | { readonly op: "move"; readonly pointer: string; readonly to: string };

export function set(pointer: string, value: EditValue): Edit {
  return { op: "set", pointer, value };
}

export function remove(pointer: string): Edit {
  return { op: "remove", pointer };
}

export function move(pointer: string, to: string): Edit {
  return { op: "move", pointer, to };
}

/** The pointer of a key beside the one at a pointer. */
export function beside(pointer: string, key: string): string {
  return `${pointer.slice(0, pointer.lastIndexOf("/"))}/${key}`;
}

/** The texts in an edit. */
export function textsOf(edit: Edit): string[] {
  const inside = (value: EditValue): string[] => (typeof value === "object" ? value.flatMap(inside) : [String(value)]);
  return [edit.pointer, ...(edit.op === "set" ? inside(edit.value) : edit.op === "move" ? [edit.to] : [])];
}
