/**
 * Mozilla's server-side TLS guideline, version 6.0 (2026-04).
 * Source: https://ssl-config.mozilla.org/guidelines/6.0.json
 */

/** What a TLS server offers, with OpenSSL's names, in order of preference. */
export interface TlsProfile {
  readonly name: "intermediate" | "modern";
  /** Oldest version first. */
  readonly protocols: readonly ("TLSv1.2" | "TLSv1.3")[];
  /** TLS 1.2 cipher suites; empty when the profile has no TLS 1.2. */
  readonly ciphers: readonly string[];
  /** TLS 1.3 cipher suites. */
  readonly cipherSuites: readonly string[];
  /** Key exchange groups. */
  readonly groups: readonly string[];
}

const cipherSuites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
const groups = ["X25519MLKEM768", "X25519", "prime256v1", "secp384r1"];

/** The guideline uses no server cipher order, no OCSP stapling and no DHE, so DH parameters are not needed. */
export const profiles: Record<TlsProfile["name"], TlsProfile> = {
  intermediate: {
    name: "intermediate",
    protocols: ["TLSv1.2", "TLSv1.3"],
    ciphers: [
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-RSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
      "ECDHE-RSA-AES256-GCM-SHA384",
      "ECDHE-ECDSA-CHACHA20-POLY1305",
      "ECDHE-RSA-CHACHA20-POLY1305",
    ],
    cipherSuites,
    groups,
  },
  modern: { name: "modern", protocols: ["TLSv1.3"], ciphers: [], cipherSuites, groups },
};
