/** SHA-256 for the digest in the head of each file. The browser's own is slower to call and not there for every page. */
import type { Sha256 } from "../core/output/digest.ts";

const encoder = new TextEncoder();

export const sha256: Sha256 = (text) => hex(digest(padded(encoder.encode(text))));

/** The first 32 bits of the fractional parts of roots of the first primes. @param power 2 for square roots, 3 for cube roots */
function roots(count: number, power: number): Uint32Array {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) found.push(fraction(candidate, power));
  }
  return Uint32Array.from(found);
}

/** In integers, because the last bits of a floating-point root may be wrong. */
function fraction(prime: number, power: number): number {
  const shifted = BigInt(prime) << BigInt(32 * power);
  let root = 0n;
  for (let bit = 36n; bit >= 0n; bit--) if ((root | (1n << bit)) ** BigInt(power) <= shifted) root |= 1n << bit;
  return Number(root & 0xffffffffn);
}

const start = roots(8, 2);
const constants = new Int32Array(roots(64, 3));

/** The message, a one, zeros, and its length in bits, in whole blocks of 64 bytes. */
function padded(message: Uint8Array): DataView {
  const view = new DataView(new ArrayBuffer(Math.ceil((message.length + 9) / 64) * 64));
  new Uint8Array(view.buffer).set(message);
  view.setUint8(message.length, 0x80);
  view.setUint32(view.byteLength - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(view.byteLength - 4, message.length << 3);
  return view;
}

/** Written out, because the files are hashed at each key press. */
function digest(message: DataView): Uint32Array {
  const state = start.slice();
  const words = new Int32Array(64);
  for (let at = 0; at < message.byteLength; at += 64) {
    for (let index = 0; index < 16; index++) words[index] = message.getInt32(at + 4 * index);
    for (let index = 16; index < 64; index++) {
      const early = words[index - 15] ?? 0;
      const late = words[index - 2] ?? 0;
      const low = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
      const high = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
      words[index] = low + high + (words[index - 16] ?? 0) + (words[index - 7] ?? 0);
    }
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    let e = state[4] ?? 0;
    let f = state[5] ?? 0;
    let g = state[6] ?? 0;
    let h = state[7] ?? 0;
    for (let index = 0; index < 64; index++) {
      const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + turned + ((e & f) ^ (~e & g)) + (constants[index] ?? 0) + (words[index] ?? 0)) | 0;
      const spun = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (spun + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    state[0] = (state[0] ?? 0) + a;
    state[1] = (state[1] ?? 0) + b;
    state[2] = (state[2] ?? 0) + c;
    state[3] = (state[3] ?? 0) + d;
    state[4] = (state[4] ?? 0) + e;
    state[5] = (state[5] ?? 0) + f;
    state[6] = (state[6] ?? 0) + g;
    state[7] = (state[7] ?? 0) + h;
  }
  return state;
}

function hex(words: Uint32Array): string {
  return [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
}
