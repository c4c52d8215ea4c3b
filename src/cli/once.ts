/** An option that takes one value, and is given once. */

/** Throws at an option that is given several times or is empty; `option` is its name. */
export function once<T extends string | undefined>(option: string): (value: T | string[]) => T {
  return (value) => {
    if (Array.isArray(value)) throw new Error(`--${option} is given ${value.length} times.`);
    if (value === "") throw new Error(`--${option} is empty.`);
    return value;
  };
}
