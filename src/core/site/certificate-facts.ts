/** What was found in the files of a site's certificate and key: `Io` collects it, and src/rules/certificate-files.ts judges it. */

/** Why a file is not one that a server could read, or cannot be read here. */
export type FileFault =
  | { readonly kind: "missing" | "folder" | "special" | "loop" | "too-large" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What a file holds in place of what it should; `binary` is DER or PKCS #12. */
export type Content = "empty" | "certificate" | "key" | "binary" | "damaged" | "other";

export type Reading<T> = { readonly fault: FileFault } | { readonly instead: Content } | { readonly found: T };

export interface Certificate {
  /** DNS names of the subjectAltName in lower case, wildcards (`*.example.org`) included. */
  readonly names: readonly string[];
  /** Milliseconds since 1970, as are all times here. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Who signed it: itself, another certificate of the file, or one that is not there. */
  readonly issuer: "itself" | "in the file" | "absent";
  /** Whether it is the one that mailcow makes at its installation. */
  readonly placeholder: boolean;
  /** Its index in the file. A server takes the first one for its own. */
  readonly position: number;
}

export interface Key {
  readonly encrypted: boolean;
  /** Whether it is the certificate's; undefined when one of the two could not be read. */
  readonly belongs: boolean | undefined;
  /** Its mode in octal, when any user of the host can read or write it. */
  readonly exposed: string | undefined;
}

export interface CertificateFacts {
  readonly certificate: Reading<Certificate>;
  readonly key: Reading<Key>;
}
