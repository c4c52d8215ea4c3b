/** Settings of V8's garbage collector. */

/**
 * Keeps the heap close to what is in use. Otherwise, garbage lets it grow to twice the size in a long run. Collecting
 * earlier costs a tenth of the time.
 */
export function keepMemorySmall(): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
}
