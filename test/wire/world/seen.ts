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
