/** Options that may be given only once, with one value. */

/** Rejects an option that is empty or given more than once; `option` is its name. */
export function once<T extends string | undefined>(option: string): (value: T | string[]) => T {
  return (value) => {
    if (Array.isArray(value)) throw new Error(`--${option} is given ${value.length} times; use it once.`);
    if (value === "") throw new Error(`--${option} needs a value.`);
    return value;
  };
}
