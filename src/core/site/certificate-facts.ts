/** Facts about the files of a site's certificate and key. `Io` collects them, and src/rules/certificate-files.ts checks them. */

/** Why a server could not read a file, or why it cannot be read here. */
export type FileFault =
  | { readonly kind: "missing" | "folder" | "special" | "loop" | "too-large" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What a file contains instead of the expected PEM block; `binary` is DER or PKCS #12. */
export type Content = "empty" | "certificate" | "key" | "binary" | "damaged" | "other";

export type Reading<T> = { readonly fault: FileFault } | { readonly instead: Content } | { readonly found: T };

export interface Certificate {
  /** The DNS names of the subjectAltName in lower case, including wildcards (`*.example.org`). */
  readonly names: readonly string[];
  /** Milliseconds since 1970, like all times here. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** What signed it: itself, another certificate in the file, or one that is not in the file. */
  readonly issuer: "itself" | "in the file" | "absent";
  /** Whether it is the self-signed certificate that mailcow creates at installation. */
  readonly placeholder: boolean;
  /** Its index in the file. Servers use the first certificate as their own. */
  readonly position: number;
}

export interface Key {
  readonly encrypted: boolean;
  /** Whether it belongs to the certificate; undefined when one of the two could not be read. */
  readonly belongs: boolean | undefined;
  /** Its mode in octal if every user of the host can read or write it, otherwise undefined. */
  readonly exposed: string | undefined;
}

/** A folder that keeps the server's workers from reading tokens: it is missing, or only root may enter it. */
export interface ClosedFolder {
  readonly folder: string;
  /** In octal; undefined when there is no such folder. */
  readonly mode: string | undefined;
}

export interface CertificateFacts {
  /** Why no token of the ACME client can be read; undefined when they can, or when there is no such client. */
  readonly webroot?: ClosedFolder | undefined;
  readonly certificate: Reading<Certificate>;
  readonly key: Reading<Key>;
}
