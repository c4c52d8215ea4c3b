/** A request as it reached mailcow. */
export interface Seen {
  readonly listener: "http" | "https";
  /** A number for each connection from the proxy. */
  readonly connection: number;
  /** The address mailcow would log and ban. */
  readonly client: string;
  readonly requestLine: string;
  readonly method: string;
  /** As in the request line. */
  readonly target: string;
  /** In order, with duplicates, names as they came. */
  readonly raw: readonly (readonly [name: string, value: string])[];
  /**
   * The same as mailcow's nginx passes them on: of a list in X-Forwarded-For that ends with a proxy in TRUSTED_PROXIES, only the
   * client is left, and X-Real-IP says the same.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether `Host` is a name that mailcow has a site for. */
  readonly knownName: boolean;
  bodyBytes: number;
  /** Of the body, when it has ended. */
  sha256: string | undefined;
  aborted: boolean;
  /** Of a large answer: bytes that the proxy has taken, and whether it has given up before the end. */
  taken: number;
  givenUp: boolean;
}
