/** Recognises names whose values are secret: keys, headers, directives and environment variables. */

/** Words that make a name secretive. */
const word = /^(?:pass|passes|passwd|passcode|pwd|pw|psk|secrets?|tokens?|creds?|credentials?|auth|authorization|authentication|htpasswd|cookies?|webhook|dsn|otp|totp|salt|bearer|dbroot)$/;

/** Parts that make a name secretive anywhere in it: `dbPassword`, `mysqlpasswords`, `clientsecret`. */
const part = /pas{1,2}w|passo[rw]|passphrase|secret|credential|authoriz|private_?key|apikey|authtoken|accesstoken|basicauth/;

/** Names with such a word that are not secret: they say how something is passed or shown, or who writes it. */
const harmless = /^(?:(?:proxy|fastcgi|scgi|uwsgi|grpc|memcached)_pass(?:_|$)|(?:proxy_)?(?:cache_)?bypass|allow_acmeby_pass$|server_tokens$|auth_(?:type|name|basic_provider)$|mailcow_pass_scheme$)/;

/** A quick check: every secretive name contains one of these, and few others do. */
const hint = /pass|pasw|pw|psk|secret|token|cred|auth|cookie|webhook|dsn|otp|salt|bearer|dbroot|key/i;

/** Whether a text certainly has no secretive name. This saves reading most lines. */
export function hasNoName(text: string): boolean {
  return !hint.test(text);
}

/** Whether the name's value is secret, in any spelling: `API_KEY`, `apiKey`, `X-Api-Key`. */
export function isSecretive(name: string): boolean {
  if (hasNoName(name)) return false;
  // Longer text is not a name; it may itself be a secret.
  const plain = name.slice(0, 100).replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[-.\s]/g, "_").toLowerCase();
  if (harmless.test(plain)) return false;
  const words = plain.split("_").filter((one) => one !== "");
  const last = words.at(-1) ?? "";
  // `DBPASS` and `REDISPASS` count, but not the single word key (`key: /etc/ssl/key.pem`).
  return words.some((one) => word.test(one)) || part.test(plain) || last.endsWith("pass") || (words.length > 1 && /^keys?$/.test(last) && words.at(-2) !== "public");
}

/** Whether a value is not a secret under any name: a file path, a table of Postfix, a variable, a word that switches something off, a command's next option, or what stands before a block. */
export function isReference(value: string): boolean {
  return /^@\w+(?: [a-z]+)* \{$/.test(value) || /^--?[A-Za-z-]+(?:[\s)]|$)/.test(value) || /^["']?(?:(?:(?:[a-z]{3,10}:){1,2})?\/(?:etc|run|var|opt|srv|home|root|usr|mnt|data|tmp)\/[\w./@+-]*|\$[A-Za-z_]\w*|\$?\{[\w.]*\}|off|none|true|false|null|~)?["']?[;,]?$/.test(value.trim());
}
