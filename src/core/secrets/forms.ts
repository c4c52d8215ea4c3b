/** Finds secrets by their form, anywhere in a line. */

/** A part of a text, as offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The secrets of a line that can be recognised without a name, as offsets into it. */
export function formedSecrets(line: string): Span[] {
  if (!hint.test(line)) return [];
  const formed = forms.flatMap(({ pattern, isOne = () => true }) =>
    Array.from(line.matchAll(pattern), ({ 0: whole, 1: before = "", index }) => ({ start: index + before.length, end: index + whole.length })).filter(({ start, end }) => isOne(line.slice(start, end))),
  );
  return [...formed, ...userinfo(line)];
}

/** A quick check: every form contains one of these, and few other lines do. */
const hint = /basic|bearer|-u|\$|\{[A-Z]|:\/\/|banlist|rspamd|@[\w.-]+:|[\w+/=-]{32}/i;

interface Form {
  /** The first group is the text before the secret. */
  readonly pattern: RegExp;
  readonly isOne?: (found: string) => boolean;
}

const forms: readonly Form[] = [
  // Authorization: Basic dXNlcjpwYXNzd29yZA==
  { pattern: /((?:basic|bearer)(?:\s|\\ |%20|\+)+)[\w+/=.~-]{8,}/gi, isOne: (found) => found.length >= 16 || /[0-9A-Z=]/.test(found) },
  // curl --user name:password
  { pattern: /((?:^|\s)(?:-u|--user)[ =]["']?)[^\s"':]+:\S+/g },
  // crypt(3), htpasswd and Dovecot: $2y$10$…, $apr1$…, {SSHA256}…
  { pattern: /()\$(?:2[abxy]?|apr1|[1567y]|gy|md5|sha\d?|argon2\w*|scrypt|pbkdf2[\w-]*)\$[^\s"',;]{8,}/g },
  { pattern: /((?:^|[^%$]))\{[A-Z][A-Z0-9.-]+\}[\w+/=.$-]{8,}/g },
  // Whoever has the ID of mailcow's list of bans can read it.
  { pattern: /(\/f2b-banlist\/?\?(?:[^\s"'…?]*&)?id=)[^\s"'…]+/gi },
  { pattern: /((?:^|[\s{,])banlist["']?\s*[:=]\s*["']?)[\w-]{16,}(?![\w.:/-])/g },
  // A password in place of rspamd's mapping of passwords.
  { pattern: /((?:^|[\s{,])rspamd\s*:\s*["']?)(?![{[&*|>!#])[^\s"',}]{6,}/g },
  // name@example.org:password, as Postfix and curl take it; not a port, or scp's host:/path
  { pattern: /((?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+:)(?![/:]|\d{1,5}(?![\w-]))[^\s"',]+/g },
  // Tokens and keys in base64.
  { pattern: /()[\w+/=-]{32,}/g, isOne: isRandom },
];

/** Whether text looks random: a part of it has lower case, upper case, digits, and many different characters. Names, paths and hexadecimal digests do not. */
function isRandom(text: string): boolean {
  return text.split(/[+/=_-]/).some((piece) => new Set(piece).size >= 10 && [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(piece)));
}

/** The user and password in scheme://user:password@host. The password may contain an unencoded slash. */
function userinfo(line: string): Span[] {
  return Array.from(line.matchAll(/[^\s"'<>]+/g)).flatMap(({ 0: word, index }) => {
    const start = word.indexOf("://") + 3;
    if (start === 2) return [];
    const [authority = ""] = word.slice(start).split("/", 1);
    const end = authority.includes("@") || /:(?!\d*$)/.test(authority) ? word.lastIndexOf("@") : -1;
    // A user name without a password is not a secret.
    return end > start && !/^[a-z]{1,11}$/.test(word.slice(start, end)) ? [{ start: index + start, end: index + end }] : [];
  });
}
