/** How much memory V8 takes before it looks for what can be freed. */

/**
 * Keeps the heap near what is in use. V8 would let it grow with the garbage of a long run, to twice the size; collecting
 * earlier costs a tenth of the time.
 */
export function keepMemorySmall(): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
}
