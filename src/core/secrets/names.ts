/** Which names have secrets for values: keys, headers, directives and environment variables. */

/** A word of a name that says so by itself. */
const word = /^(?:pass|passes|passwd|passcode|pwd|pw|psk|secrets?|tokens?|creds?|credentials?|auth|authorization|authentication|htpasswd|cookies?|webhook|dsn|otp|totp|salt|bearer|dbroot)$/;

/** What says so anywhere in a name: `dbPassword`, `mysqlpasswords`, `clientsecret`. */
const part = /passw|passphrase|secret|credential|authoriz|private_?key|apikey|authtoken|accesstoken|basicauth/;

/** Names with such a word that say how something is passed or shown, or who writes it. */
const harmless = /^(?:(?:proxy|fastcgi|scgi|uwsgi|grpc|memcached)_pass(?:_|$)|(?:proxy_)?(?:cache_)?bypass|server_tokens$|mailcow_pass_scheme$)/;

/** One of these is in every such name, and in few others. */
const hint = /pass|pw|psk|secret|token|cred|auth|cookie|webhook|dsn|otp|salt|bearer|dbroot|key/i;

/** Whether a text has none of such names: most lines have not, and reading them takes its time. */
export function hasNoName(text: string): boolean {
  return !hint.test(text);
}

/** Whether the value of such a name is a secret, however the name is written: `API_KEY`, `apiKey`, `X-Api-Key`. */
export function isSecretive(name: string): boolean {
  if (hasNoName(name)) return false;
  // Longer ones are no names, and a secret's own text may stand there.
  const plain = name.slice(0, 100).replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[-.\s]/g, "_").toLowerCase();
  if (harmless.test(plain)) return false;
  const words = plain.split("_").filter((one) => one !== "");
  const last = words.at(-1) ?? "";
  // `DBPASS` and `REDISPASS`; a key of its own (`key: /etc/ssl/key.pem`) is none.
  return words.some((one) => word.test(one)) || part.test(plain) || last.endsWith("pass") || (words.length > 1 && /^keys?$/.test(last) && words.at(-2) !== "public");
}

/** What is no secret under any name: a path of the file system, a variable, the word that switches something off, or a command's next option. */
export function isReference(value: string): boolean {
  return /^--?[A-Za-z-]+(?:[\s)]|$)/.test(value) || /^["']?(?:\/(?:etc|run|var|opt|srv|home|root|usr|mnt|data|tmp)\/[\w./@+-]*|\$[A-Za-z_]\w*|\$?\{[\w.]*\}|off|none|true|false|null|~)?["']?[;,]?$/.test(value.trim());
}
