/** Turns host names into identifiers, for places where a server accepts only letters, digits and `_`. */

/** The shortest limit of the servers is 46 characters, in a hash of variable names with its default bucket size. Prefixes need some of them. */
const maxLength = 32;

/** A unique identifier for each name. Beyond 32 characters, it contains a hash. */
export function identifier(hostname: string): string {
  return identifierWithin(hostname, maxLength);
}

/** The same with another limit, of at least 18 characters. */
export function identifierWithin(hostname: string, longest: number): string {
  // Unique, because a hyphen is never next to a dot.
  const plain = hostname.replaceAll("-", "__").replaceAll(".", "_");
  if (plain.length <= longest) return plain;
  return `${plain.slice(0, longest - digestLength - 1)}_${digest(hostname)}`;
}

/** File names may have 255 bytes; endings and prefixes need a few of them. */
const maxStem = 220;

export function fileStem(hostname: string): string {
  const stem = `mailcow-${hostname}`;
  return stem.length <= maxStem ? stem : `${stem.slice(0, maxStem - digestLength - 1)}-${digest(hostname)}`;
}

const digestLength = 16;

function digest(hostname: string): string {
  return fnv1a(hostname).toString(16).padStart(digestLength, "0");
}

/** 64-bit FNV-1a of ASCII text (https://datatracker.ietf.org/doc/draft-eastlake-fnv/). */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n);
  }
  return hash;
}
