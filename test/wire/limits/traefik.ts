/** What Traefik cannot do of the contract. */
import { has } from "../../../src/core/site/platform.ts";
import type { Limit } from "../limits.ts";

/** Names in every domain: a description without mail_domains. */
const anyDomain: Limit["when"] = ({ site }) => site.names.prefixes.length > 0;

/** The same, where TLS ends in Traefik. */
const endsAnyDomain: Limit["when"] = ({ site }) => site.names.prefixes.length > 0 && !site.proxy.tlsBefore;

/** A name that is written in another way, or without the public port. */
const asWritten = /AUTODISCOVER|WEBMAIL|:x|autodiscover\.example\.org'/;

const ports = "Traefik takes whatever stands behind the colon of a name for its port; mailcow gets the described name.";
const everyDomain = "Names in every domain (without `mail_domains`) get Traefik's default TLS options, need a TLS name of their own, and mailcow gets them as the client wrote them.";
const tlsNames = "If the TLS name of a connection is not a described name, or is missing, its requests for described names get 421, and the certificate is Traefik's own.";
const spelling = "Paths reach mailcow, and are redirected, in the normal form of RFC 3986.";
const location = "`Location` is not changed.";
const tlsToMailcow = "Without `versions.traefik` of 3.7 or later, TLS to mailcow has the versions and cipher suites of Traefik's own default, from TLS 1.2 on.";
const noCertificate = "With `tls.sni`, the names of a mail domain have Traefik's own certificate until the domain has one of acme-mailcow's.";
const slow = "Traefik has no time limit for clients that are slow with a request.";

const list = "Traefik adds the address of a trusted proxy to `X-Forwarded-For` and passes on what that proxy sent, which mailcow then reads.";

/** What a client sends to be taken for somebody else, where mailcow trusts the client's own network. */
const claims = [
  "X-Forwarded-For once", "all once", "all in odd case", "all in upper case", "all twice", "all eight times", "all with spaces and tabs", "lists with commas", "trusted addresses", "hop by hop", "hop by hop, singly and oddly",
  "hop by hop, with keep-alive and close", "hop by hop, Host", "hop by hop, upgrade", "hop by hop, upgrade to websocket", "as trailers to come",
];
const oldTlsToMailcow: Limit["when"] = ({ site }) => !has(site.versions, "traefikUpstreamTls");
const forwarded: Limit["when"] = ({ variant }) => variant.arrival === "forwarded";
const withoutPort = ({ site }: Parameters<NonNullable<Limit["when"]>>[0]) => site.names.prefixes.length > 0 && site.proxy.publicHttpsPort !== 443;

export const limits: readonly Limit[] = [
  { row: "names", check: "described names are told from each other with an unknown TLS name, or none", when: ({ site }) => !site.proxy.tlsBefore, says: /did not reach mailcow: 421/, reason: tlsNames },
  { row: "names", check: "described names are told from each other with another described TLS name", when: endsAnyDomain, says: /did not reach mailcow: 421/, reason: everyDomain },
  { row: "names", check: "every described name reaches mailcow, in any case, with any port and one trailing dot", when: anyDomain, says: asWritten, reason: everyDomain },
  { row: "names", check: "a name with what is no port behind it is no described name", says: /mail\.example\.org:443x [^']*': 200/, reason: ports },
  { row: "names", check: "nor over HTTP/2, as authority or as Host", says: /:authority mail\.example\.org:443x': 200/, reason: ports },
  { row: "names", check: "whatever stands behind a name, mailcow gets the described name", when: anyDomain, says: asWritten, reason: everyDomain },
  { row: "http", check: "also with escapes that could be written otherwise", says: /a%2Fb/, reason: spelling },
  { row: "http", check: "also with characters that should be escaped", says: /%7BHTTP_HOST%7D/, reason: spelling },
  { row: "http", check: "also with a semicolon in the query", says: /%3B/, reason: spelling },
  { row: "http", check: "every method redirects with 301", says: /HEAD 308/, reason: "A method other than GET is redirected with 308." },
  { row: "http", check: "the redirect names the described host in lower case, with the public port alone", when: anyDomain, says: asWritten, reason: everyDomain },
  { row: "headers to mailcow", check: "mailcow's links lead back to the public address", when: endsAnyDomain, says: /did not reach mailcow: 421/, reason: everyDomain },
  { row: "headers to mailcow", check: "every request of all rows carried a known name and one address", when: ({ site, variant }) => site.names.prefixes.length > 0 && variant.rows === undefined, says: asWritten, reason: everyDomain },
  { row: "path and query", check: "escapes that could be written otherwise", says: /a%2Fb/, reason: spelling },
  { row: "path and query", check: "characters that should be escaped", says: /%7BHTTP_HOST%7D/, reason: spelling },
  { row: "path and query", check: "a semicolon in a query", says: /%3B/, reason: spelling },
  { row: "path and query", check: "dot segments with escapes that could be written otherwise", says: /\/a\/\.\.\/b/, reason: spelling },
  { row: "path and query", check: "escapes that could be written otherwise, over HTTP/2", says: /SOGo/, reason: spelling },
  { row: "path and query", check: "characters that should be escaped, over HTTP/2", says: /%7BHTTP_HOST%7D/, reason: spelling },
  { row: "bodies", check: "a body of HTTP/1.0 whose end servers could see in different places is refused", says: /HTTP\/1\.0 chunked': 200/, reason: "In HTTP/1.0, `Transfer-Encoding` is ignored: the request has no body, and the connection ends." },
  { row: "answers", check: "http links to described names become https", says: /expected 'http:\/\//, reason: location },
  { row: "answers", check: "http links to described names become https under each certificate, and any other is left alone", says: /expected 'http:\/\//, reason: location },
  { row: "answers", check: "a redirect to the hostname stays as it is", says: /expected 'http:\/\//, reason: location },
  ...["autodiscover", "autoconfig", "mta-sts"].map((label): Limit => ({ row: "TLS", check: `certificate for ${label}.example.com`, says: /to be 'mail\.example\.org'/, reason: noCertificate })),
  { row: "answers", check: "with the public https port too", says: /expected 'http:\/\//, reason: location },
  { row: "answers", check: "of two Location lines each is judged by itself", says: /http:\/\//, reason: location },
  { row: "TLS to mailcow", check: "no other versions", when: (world) => world.site.tls.profile.name === "modern" && oldTlsToMailcow(world), says: /reached: true/, reason: tlsToMailcow },
  { row: "TLS to mailcow", check: "no other cipher suites of TLS 1.2", when: oldTlsToMailcow, says: /reached: true/, reason: tlsToMailcow },
  { row: "TLS", check: "the described certificate for every name", when: ({ site, variant }) => site.names.prefixes.length > 0 && variant.otherNames.some((name) => !name.endsWith("example.org")), says: /autoconfig\.sub\.example\.net|webmail\.example\.net/, reason: everyDomain },
  { row: "TLS", check: "the described certificate for any other name, and without a name", says: /unknown\.example\.net/, reason: tlsNames },
  { row: "time", check: "a client that sends a byte a second on http is cut off", says: /still open/, reason: slow },
  { row: "time", check: "a client that sends a byte a second on https is cut off", says: /still open/, reason: slow },
  { row: "time", check: "a client that begins a TLS handshake and stops is cut off", says: /expected 'open' to be 'closed'/, reason: slow },
  { row: "time", check: "over http/1.1, clients that do not read an answer are given up", says: /givenUp: false/, reason: slow },
  { row: "time", check: "over h2, clients that do not read an answer are given up", says: /givenUp: false/, reason: slow },
  { row: "client address", check: "behind a trusted proxy, mailcow gets the client's address and no list", says: /203\.0\.113\.10, 198\.51\.100\.7/, reason: list },
  { row: "client address", check: "an IPv4 address in IPv6 form is that IPv4 address", says: /::ffff:cb00:7142/, reason: list },
  { row: "client address", check: "nor is what they say of themselves", when: forwarded, says: /client: '198\.51\.100\.250'/, reason: list },
  ...claims.map((name): Limit => ({ row: "client address", check: `forged headers from a private network: ${name}`, when: forwarded, says: /client: '(?:198\.51\.100\.250|172\.22\.1\.1)'/, reason: list })),
  { row: "http", check: "the ACME challenge of a name that is only in the certificate is answered", when: ({ site }) => site.challengeNames.prefixes.length > 0, says: /IMAP\.EXAMPLE\.ORG/, reason: everyDomain },
  { row: "headers to mailcow", check: "for every name", when: withoutPort, says: /expected \{ host: \[ 'autodiscover\.example\.org' \]/, reason: everyDomain },
  { row: "headers to mailcow", check: "mailcow's links lead back to the public address", when: (world) => withoutPort(world) && world.site.proxy.tlsBefore, says: /https:\/\/autodiscover\.example\.org\/SOGo/, reason: everyDomain },
];
