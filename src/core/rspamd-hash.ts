/** Hashes of passwords as Rspamd's controller reads them: `$1$salt$key`, PBKDF2 with keyed BLAKE2b. */
import { blake2b } from "@noble/hashes/blake2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Bytes. */
export const saltLength = 20;
const keyLength = 32;
const blockLength = 64;

const rounds = 16_000;

/**
 * @param password not empty
 * @param salt random, of `saltLength` bytes
 */
export function rspamdHash(password: string, salt: Uint8Array): string {
  return `$1$${base32(salt)}$${base32(derived(utf8ToBytes(password), salt))}`;
}

/** Rspamd's PBKDF2: the password is BLAKE2b's key where others use HMAC. One block is enough for the key. */
function derived(password: Uint8Array, salt: Uint8Array): Uint8Array {
  // BLAKE2b takes keys of up to 64 bytes.
  const key = password.length > blockLength ? blake2b(password, { dkLen: blockLength }) : password;
  const keyed = (data: Uint8Array) => blake2b(data, { key, dkLen: blockLength });
  let last = keyed(Uint8Array.of(...salt, 0, 0, 0, 1));
  const result = Uint8Array.from(last);
  for (let round = 1; round < rounds; round++) {
    last = keyed(last);
    for (const [index, byte] of last.entries()) result[index] = (result[index] ?? 0) ^ byte;
  }
  return result.subarray(0, keyLength);
}

const alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";

/** Rspamd's own base32: five bits a letter, the lowest first. */
function base32(bytes: Uint8Array): string {
  let [text, bits, count] = ["", 0, 0];
  for (const byte of bytes) {
    bits |= byte << count;
    for (count += 8; count >= 5; count -= 5) {
      text += alphabet.charAt(bits & 31);
      bits >>= 5;
    }
  }
  return count > 0 ? text + alphabet.charAt(bits) : text;
}
