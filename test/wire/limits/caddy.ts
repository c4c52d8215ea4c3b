/** What Caddy cannot do of the contract. */
import type { Limit } from "../limits.ts";

/** With TLS before Caddy, there is no TLS name. */
const tlsNames = { when: ({ site }) => !site.proxy.tlsBefore, says: /alert internal error|fingerprint: undefined/, reason: "A client that asks for no name in TLS, or for one that no site has, is refused in the handshake." } satisfies Omit<Limit, "row" | "check">;
const toMailcow = { says: /reached: true/, reason: "TLS to mailcow has Go's own versions and cipher suites" } as const;
const slowReaders = { says: /givenUp: false/, reason: "A client that does not read an answer is not disconnected." } as const;

export const limits: readonly Limit[] = [
  { row: "names", check: "described names are told from each other with an unknown TLS name, or none", ...tlsNames },
  { row: "names", check: "an unknown TLS name, or none, does not let another Host in", ...tlsNames },
  { row: "names", check: "they get 421 with their own TLS names, too", ...tlsNames },
  { row: "http", check: "it gets 421 over https too, with its own TLS name", ...tlsNames },
  { row: "TLS", check: "the described certificate for any other name, and without a name", ...tlsNames },
  {
    row: "path and query", check: "characters that should be escaped", says: /%7BHTTP_HOST%7De/,
    reason: "Characters that a URL has only encoded reach mailcow percent-encoded if the client sends them as they are",
  },
  {
    row: "path and query", check: "characters that should be escaped, over HTTP/2", says: /%7BHTTP_HOST%7De/,
    reason: "Characters that a URL has only encoded reach mailcow percent-encoded if the client sends them as they are",
  },
  {
    row: "bodies", check: "a body of HTTP/1.0 whose end servers could see in different places is refused", says: /HTTP\/1\.0 chunked': 200/,
    reason: "`Transfer-Encoding` in HTTP/1.0 is ignored, and the request is taken for one without a body.",
  },
  {
    row: "client address", check: "an IPv4 address in IPv6 form is that IPv4 address", says: /::ffff:cb00:7142/,
    reason: "An IPv6 address reaches mailcow as the trusted proxy wrote it",
  },
  { row: "failure", check: "a chunked response that breaks off is not passed on as whole", when: ({ site }) => site.versions.caddy.startsWith("2.6."), says: /complete: true/, reason: "If mailcow stops in the middle of a chunked response, Caddy 2.6 ends it as if it were complete." },
  { row: "time", check: "over http/1.1, clients that do not read an answer are given up", ...slowReaders },
  { row: "time", check: "over h2, clients that do not read an answer are given up", ...slowReaders },
  { row: "TLS to mailcow", check: "no other versions", when: ({ site }) => site.tls.profile.name === "modern", ...toMailcow },
  { row: "TLS to mailcow", check: "no other cipher suites of TLS 1.2", ...toMailcow },
  { row: "TLS", check: "the hybrid group is in the profile and agreed on", says: /expected 'X25519' to be 'X25519MLKEM768'/, reason: "Caddy 2.10 | The group `X25519MLKEM768`." },
];
