// @ts-check
/**
 * Descriptions that cost as much as one can: as large, deep, repetitive or wrong as there is, and each just within the
 * limits or far beyond. Most of the odd ones were found by trying all pairs of YAML's pieces at the limits.
 */

/** The limits, as docs/diagnostics.md tells them. */
const size = 262_144;
const tokens = 40_000;
const confSize = 524_288;

/**
 * @typedef {object} Shape
 * @property {string} name
 * @property {() => string | Uint8Array} description
 * @property {string | undefined} code what it is refused with; undefined when it is valid
 */

const minimal = "hostname: mail.example.org\n";

/** @param {string} unit @param {number} length */
const fill = (unit, length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** As much of it as the size allows. @param {string} unit */
const full = (unit, before = "", after = "") => `${before}${fill(unit, size - before.length - after.length)}${after}`;

/** Almost as many tokens as the limit allows. @param {string} unit @param {number} each its tokens */
const dense = (unit, each, before = "", after = "") => `${before}${unit.repeat(Math.min(Math.floor((tokens - 20) / each), Math.floor((size - before.length - after.length) / unit.length)))}${after}`;

/** @param {number} count @param {(index: number) => string} item */
const list = (count, item) => Array.from({ length: count }, (_, index) => item(index)).join(", ");

/** @param {number} index */
const network = (index) => `10.${(index >> 8) & 255}.${index & 255}.0/24`;

/** A key with a value in quotes that its pattern or format has to judge. @param {string} key @param {string} value */
const judged = (key, value) => `${key.startsWith("hostname") ? "" : minimal}${key.replace("*", JSON.stringify(value))}\n`;

/** @type {readonly Shape[]} */
export const shapes = [
  // Size.
  { name: "50 MB of comments", description: () => fill("# mailcow\n", 50_000_000), code: "too-large" },
  { name: "50 MB of zeros", description: () => new Uint8Array(50_000_000), code: "too-large" },
  { name: "50 MB that are not UTF-8", description: () => new Uint8Array(50_000_000).fill(0xff), code: "not-utf-8" },
  { name: "50 MB in one value", description: () => fill("hostname: x", 50_000_000), code: "too-large" },
  { name: "100,000 names", description: () => `${minimal}mail_domains:\n${Array.from({ length: 100_000 }, (_, index) => `- d${index}.de\n`).join("")}`, code: "too-large" },
  { name: "19,000 names", description: () => `${minimal}mail_domains: [${list(19_000, (index) => `d${index}.de`)}]\n`, code: "too-many-items" },
  { name: "19,000 names that are none", description: () => `${minimal}mail_domains: [${list(19_000, () => "x_.de")}]\n`, code: "too-many-items" },
  { name: "empty lines", description: () => full("\n"), code: "empty" },
  { name: "spaces", description: () => full(" "), code: "empty" },
  { name: "comments", description: () => full("#\n"), code: "too-many-tokens" },
  { name: "NUL", description: () => full("\0"), code: "not-a-mapping" },
  { name: "tabs", description: () => full("a:\n\tb: c\n"), code: "too-many-tokens" },

  { name: "a list of variables", description: () => full("A=1\n"), code: "not-a-description" },
  { name: "lines of a mailcow.conf", description: () => full("DBPASS=x\n", minimal), code: "not-a-description" },
  { name: "passwords", description: () => dense("password: x\n", 3, minimal), code: "yaml-duplicate-key" },
  { name: "passwords in a line", description: () => dense("{password: x, ", 4, "hostname: "), code: "yaml-depth" },
  { name: "keys in PEM form", description: () => full("-----BEGIN A KEY-----", minimal), code: "yaml-syntax" },
  { name: "colons and values", description: () => dense("a: b\n", 3, minimal), code: "yaml-duplicate-key" },

  // Depth.
  { name: "10,000 lists in brackets", description: () => fill("[", 10_000), code: "yaml-depth" },
  { name: "10,000 mappings in braces", description: () => "{a: ".repeat(10_000), code: "yaml-depth" },
  { name: "10,000 lists by hyphens", description: () => "- ".repeat(10_000), code: "yaml-depth" },
  { name: "10,000 keys by question marks", description: () => "? ".repeat(10_000), code: "yaml-depth" },
  { name: "10,000 mappings on a line", description: () => "a: ".repeat(10_000), code: "yaml-depth" },
  { name: "10,000 mappings on a line in a list", description: () => `a: [${"@: ".repeat(10_000)}`, code: "yaml-depth" },
  { name: "mappings by indentation", description: () => Array.from({ length: 500 }, (_, index) => `${" ".repeat(index)}a:\n`).join(""), code: "yaml-depth" },

  // Aliases.
  { name: "a bomb of aliases", description: () => `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from("bcdefghij", (name, index) => `${name}: &${name} [${fill(`*${"abcdefghi"[index]},`, 27)}]\n`).join("")}${minimal}`, code: "yaml-alias-limit" },
  { name: "a chain of aliases", description: () => `n0: &n0 x\n${Array.from({ length: 5000 }, (_, index) => `n${index + 1}: &n${index + 1} [*n${index}, *n${index}]\n`).join("")}`, code: "yaml-alias-limit" },
  { name: "aliases of one value", description: () => `a: &a x\n${fill("a:\n*a\n", 250_000)}`, code: "yaml-alias-limit" },
  { name: "anchors", description: () => dense("&a\n\t", 1, minimal), code: "yaml-tab" },
  { name: "networks that are none, by aliases", description: () => `${minimal}access:\n- { path: /p, allow: &n [${list(195, (index) => `x${index}`)}] }\n${"- { path: /p, allow: *n }\n".repeat(100)}`, code: "network" },

  // Errors.
  { name: "one key again and again", description: () => dense("a:\n", 2, minimal), code: "yaml-duplicate-key" },
  { name: "empty keys", description: () => dense("?\n", 1, minimal), code: "yaml-duplicate-key" },
  { name: "reserved characters", description: () => dense("- @\n", 2, "hostname:\n"), code: "yaml-syntax" },
  { name: "reserved characters for keys", description: () => dense("@a:\n", 2, minimal), code: "yaml-syntax" },
  { name: "ends of mappings", description: () => dense("}\t", 1, minimal), code: "yaml-syntax" },
  { name: "lists for keys", description: () => dense("? a\n[]", 4, minimal), code: "yaml-key" },
  { name: "hyphens that mean nothing", description: () => dense(": -\n", 2, minimal), code: "yaml-syntax" },
  { name: "quotes over lines, in a list", description: () => dense('"\n', 1, "hostname: ["), code: "yaml-unclosed" },
  { name: "apostrophes over lines, in a list", description: () => dense("'\n!x ", 1, "hostname: ["), code: "yaml-indentation" },
  { name: "escapes that are none", description: () => dense("\\q", 1, 'hostname: "', '"'), code: "yaml-syntax" },
  { name: "escapes that are none, without an end", description: () => full("\\q", 'a: "'), code: "too-many-tokens" },
  { name: "tags", description: () => dense("- !x\n", 2, "hostname:\n"), code: "yaml-tag" },
  { name: "documents", description: () => dense("---\n", 1, minimal), code: "yaml-several-documents" },
  { name: "unknown keys", description: () => `${minimal}${Array.from({ length: 13_000 }, (_, index) => `k${index}: 1\n`).join("")}`, code: "unknown-key" },
  { name: "brackets", description: () => dense("[]", 2, "hostname: "), code: "yaml-syntax" },

  { name: "errors behind empty lines", description: () => `hostname:${fill("\n", 250_000)}${"- @\n".repeat(2000)}`, code: "yaml-syntax" },

  // One long piece.
  { name: "a long key", description: () => full("x", minimal, ": 1"), code: "yaml-syntax" },
  { name: "a long alias", description: () => full("x", "hostname: *"), code: "yaml-alias" },
  { name: "a long tag", description: () => full("x", "hostname: !", " a"), code: "yaml-tag" },
  { name: "a long number", description: () => full("9", `${minimal}proxy: { http_port: `, " }"), code: "port" },
  { name: "a long block of text", description: () => full(" a\n\n", "hostname: >\n"), code: "host-name" },

  // What patterns, formats and explanations have to judge.
  { name: "a host name of labels", description: () => judged("hostname: *", fill("a.", 260_000)), code: "host-name" },
  { name: "a host name of hyphens", description: () => judged("hostname: *", fill("-", 260_000)), code: "host-name" },
  { name: "a host name of ports", description: () => judged("hostname: *", fill(":1", 260_000)), code: "host-name" },
  { name: "a host name of letters outside ASCII", description: () => judged("hostname: *", fill("é\u0301.", 260_000)), code: "host-name" },
  { name: "a host name of A-labels", description: () => judged("hostname: *", fill("xn--a-.", 1000)), code: "host-name" },
  { name: "an address of digits and dots", description: () => judged("proxy: { listen: [*] }", fill("1.", 260_000)), code: "address" },
  { name: "an address of colons", description: () => judged("proxy: { listen: [*] }", fill("1:", 260_000)), code: "address" },
  { name: "an address in brackets", description: () => judged("proxy: { listen: [*] }", fill("[", 260_000)), code: "address" },
  { name: "an address of letters", description: () => judged("proxy: { listen: [*] }", `${fill("a", 260_000)}!`), code: "address" },
  { name: "an address of percent signs and line ends", description: () => judged("proxy: { listen: [*] }", fill("%%%%%%%%\n", 200_000)), code: "address" },
  { name: "an address of percent signs", description: () => judged("proxy: { listen: [*] }", fill("%", 260_000)), code: "address" },
  { name: "a network of slashes", description: () => judged("proxy: { addresses: [*] }", fill("1/", 260_000)), code: "network" },
  { name: "addresses that are almost some", description: () => `${minimal}proxy: { addresses: [${list(19_000, () => "1.1.1.256")}] }\n`, code: "too-many-items" },
  { name: "a file path of segments", description: () => judged("mailcow: { directory: * }", `${fill("/a", 260_000)}!`), code: "file-path" },
  { name: "a file path at its length", description: () => judged("mailcow: { directory: * }", `${fill("/a", 1023)}!`), code: "file-path" },
  { name: "a URL path of segments", description: () => judged("access: [{ path: *, allow: [10.0.0.1] }]", `${fill("/a", 255)}!`), code: "url-path" },
  { name: "a URL path of dots", description: () => judged("access: [{ path: *, allow: [10.0.0.1] }]", `/${fill(".", 260_000)}`), code: "url-path" },
  { name: "an e-mail address of dots", description: () => judged("mail_domains: []\ntls: { issuer: certbot, email: * }", `${fill("a.", 260_000)}@`), code: "email" },
  { name: "a port of spaces", description: () => judged("proxy: { http_port: * }", `${fill(" ", 260_000)}x`), code: "port" },
  { name: "a version of digits", description: () => judged("versions: { nginx: * }", fill("1.", 260_000)), code: "version" },
  { name: "a word for a word", description: () => judged("platform: *", fill("debian-", 64)), code: "not-allowed" },

  // Valid, and as large as it gets.
  { name: "5,000 mail domains", description: () => `${minimal}mail_domains: [${list(5000, (index) => `d${index}.example.org`)}]\n`, code: undefined },
  { name: "5,000 mail domains and 5,000 names", description: () => `${minimal}mail_domains: [${list(5000, (index) => `d${index}.example.org`)}]\nadditional_server_names: [${list(5000, (index) => `n${index}.example`)}]\n`, code: undefined },
  { name: "20,000 names by labels", description: () => `${minimal}mail_domains: [${list(1600, (index) => `d${index}.example.org`)}]\ncertificate_names: [${list(9, (index) => `"l${index}.*"`)}]\n`, code: undefined },
  { name: "5,000 mail domains and 5,000 labels", description: () => `${minimal}mail_domains: [${list(5000, (index) => `d${index}.example.org`)}]\ncertificate_names: [${list(5000, (index) => `"l${index}.*"`)}]\n`, code: "too-many-names" },
  { name: "5,000 labels of any domain", description: () => `${minimal}additional_server_names: [${list(2500, (index) => `"s${index}.*"`)}]\ncertificate_names: [${list(5000, (index) => `"l${index}.*"`)}]\n`, code: undefined },
  { name: "certificates with 20,000 names by labels", description: () => `${minimal}mail_domains: [${list(1600, (index) => `d${index}.example.org`)}]\nadditional_server_names: [${list(9, (index) => `"l${index}.*"`)}]\ntls: { sni: true }\n`, code: undefined },
  { name: "5,000 certificates", description: () => `${minimal}mail_domains: [${list(5000, (index) => `d${index}.example.org`)}]\ntls: { sni: true, hsts: { max_age: 1 } }\nproxy: { trusted_proxies: [${list(20, network)}] }\n`, code: undefined },
  { name: "5,000 certificates and too many networks", description: () => `${minimal}mail_domains: [${list(5000, (index) => `d${index}.example.org`)}]\ntls: { sni: true }\nproxy: { trusted_proxies: [${list(21, network)}] }\n`, code: "sni-repeats" },
  { name: "500 access rules", description: () => `${minimal}access:\n${Array.from({ length: 500 }, (_, rule) => `- { path: /p${rule}, allow: [${list(30, (index) => network(rule * 30 + index))}] }\n`).join("")}`, code: undefined },
  { name: "1,000 trusted proxies with PROXY protocol", description: () => `${minimal}proxy:\n  proxy_protocol: { accept: true }\n  trusted_proxies: [${list(1000, (index) => `2001:${(index * 61).toString(16)}:${((index * 7919) % 65_536).toString(16)}::${index.toString(16)}`)}]\n`, code: undefined },
];

/** As much of it as a mailcow.conf may have. @param {string} unit */
const fullConf = (unit, before = "", after = "") => `${before}${fill(unit, confSize - before.length - after.length)}${after}`;

/** @typedef {{ readonly name: string, readonly conf: () => string | Uint8Array }} ConfShape */

/**
 * The same of a mailcow.conf.
 *
 * @type {readonly ConfShape[]}
 */
export const confs = [
  { name: "comments", conf: () => fullConf("#\n") },
  { name: "empty lines", conf: () => fullConf("\n") },
  { name: "keys", conf: () => fullConf("A=1\n") },
  { name: "one of our keys again and again", conf: () => fullConf("HTTP_PORT=1\n") },
  { name: "the hostname again and again", conf: () => fullConf("export MAILCOW_HOSTNAME= 'mail.example.org'\n") },
  { name: "secrets", conf: () => fullConf("DBPASS=x\n", "HTTP_PORT=1\nHTTP_PORT=2\n") },
  { name: "one of our keys in comments", conf: () => fullConf("#HTTP_PORT=1\n") },
  { name: "keys in a line", conf: () => fullConf('HTTP_PORT="" ') },
  { name: "secrets in a line", conf: () => fullConf('A="1" ', "", "\nHTTP_PORT=1\nHTTP_PORT=2") },
  { name: "spaces before a word", conf: () => fullConf(" ", "HTTP_PORT=", "x") },
  { name: "spaces after a key", conf: () => fullConf(" ", "HTTP_PORT", "=x") },
  { name: "spaces before a comment", conf: () => fullConf(" ", "HTTP_PORT=1", "# x") },
  { name: "a long key", conf: () => fullConf("A", "", "=1") },
  { name: "a long word in a comment", conf: () => fullConf("A", "#", "\nHTTP_PORT=1\nHTTP_PORT=2") },
  { name: "words and spaces in a comment", conf: () => fullConf("A ", "#", "\nHTTP_PORT=1\nHTTP_PORT=2") },
  { name: "a comment of number signs", conf: () => fullConf("#", "", "\nHTTP_PORT=1\nHTTP_PORT=2") },
  { name: "comments of export", conf: () => fullConf(" ", "#export", "\nHTTPS_PORT=1\nHTTPS_PORT=2") },
  { name: "quotes that are never closed", conf: () => fullConf("\\'\n", "HTTP_PORT='") },
  { name: "one long value in quotes", conf: () => fullConf("\\\"", 'HTTP_PORT="', '"') },
  { name: "what docker compose refuses", conf: () => fullConf("a b\n") },
  { name: "what docker compose refuses behind quotes over lines", conf: () => fullConf("A='\n'x y\n") },
  { name: "line ends within a value", conf: () => fullConf("\n", "HTTP_PORT='", "'") },
  { name: "names", conf: () => fullConf("a.example,", "MAILCOW_HOSTNAME=mail.example.org\nADDITIONAL_SERVER_NAMES=") },
  { name: "6,000 names", conf: () => `MAILCOW_HOSTNAME=mail.example.org\nADDITIONAL_SERVER_NAMES=${list(6000, (index) => `n${index}.example`)}\n` },
  { name: "5,000 names that are none", conf: () => `MAILCOW_HOSTNAME=mail.example.org\nADDITIONAL_SERVER_NAMES=${list(5000, (index) => `n${index}_.example`)}\n` },
  { name: "5,000 addresses that are none", conf: () => `MAILCOW_HOSTNAME=mail.example.org\nTRUSTED_PROXIES=${list(5000, (index) => `10.0.0.${index + 256}`)}\n` },
  { name: "5,000 times the same name", conf: () => `MAILCOW_HOSTNAME=mail.example.org\nADDITIONAL_SERVER_NAMES=${list(5000, () => "n.example")}\n` },
  { name: "a long hostname", conf: () => fullConf("a.", "MAILCOW_HOSTNAME=", "de") },
];

/**
 * And such as is too large to be one.
 *
 * @type {readonly ConfShape[]}
 */
export const tooLargeConfs = [
  { name: "50 MB of comments", conf: () => fill("# mailcow\n", 50_000_000) },
  { name: "50 MB of zeros", conf: () => new Uint8Array(50_000_000) },
  { name: "a byte too many", conf: () => `${fullConf("A=1\n")}#` },
];
