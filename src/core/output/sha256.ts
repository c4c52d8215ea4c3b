/** SHA-256 without Node. */
import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Sha256 } from "./digest.ts";

export const sha256: Sha256 = (text) => bytesToHex(digest(utf8ToBytes(text)));
