/** Files that were meant to be read, with secrets in them that are known by their name or their form. */
import { type Marked, marked } from "./marks.ts";

const base64 = (secret: () => string) => `${secret()}A1b2+/C3d4${secret()}E5f6${secret()}`.slice(0, 64);
const begin = "hostname: mail.example.org\n";

/** Each is refused. */
export const descriptions: Readonly<Record<string, Marked>> = {
  "lines of a mailcow.conf in it": marked((secret) => `${begin}DBPASS=${secret()}\nOTHER=${secret()}\nHTTP_PORT=80\nexport X=${secret()}\n`),
  "a mailcow.conf's line as a key": marked((secret) => `${begin}"DBPASS=${secret()}": 1\n`),
  "a mailcow.conf's line as a value": marked((secret) => `${begin}mail_domains: DBPASS=${secret()}\nmailcow: "password: ${secret()}"\n`),
  "passwords": marked((secret) => `${begin}password: ${secret()}\ndb_passwd: '${secret()}'\napiKey: "${secret()}" # ${secret()}\nX-Auth-Token: ${secret()}\nauth: [${secret()}, { a: ${secret()} }]\n`),
  "an ID of the list of bans": marked((secret) => `${begin}mail:\n  banlist: https://mail.example.org/f2b-banlist/?ID=${secret()}\n  banlst: "https://mail.example.org/f2b-banlist?a=b&id=${secret()}"\nother: { banlist: ${secret()} }\n`),
  "a password behind a name": marked((secret) => `${begin}relayhost: { host: relay.example.net, username: "mail@example.org:${secret()}", port: 587 }\nother: mail@example.org:${secret()}\n`),
  "a password in place of those of rspamd": marked((secret) => `${begin}rspamd: ${secret()}\nother: { rspamd: "${secret()}", enable_pasword: ${secret()}, passowrd: ${secret()} }\n`),
  "a password in a mapping in braces": marked((secret) => `${begin}mailcow: { password: ${secret()}, http: { port: 8081 }, token: "${secret()}", x: 1 }\n`),
  "JSON": marked((secret) => JSON.stringify({ hostname: "mail", password: secret(), nested: { auth: { x: secret() } }, "api-key": secret() })),
  "indented JSON": marked((secret) => JSON.stringify({ hostname: "mail", credentials: { x: secret(), y: [secret()] }, mail_domains: 1 }, undefined, 2)),
  "JSON with an error": marked((secret) => `${JSON.stringify({ hostname: "mail.example.org", password: secret() })}]\n${JSON.stringify({ password: secret() })}`),
  "a block of text": marked((secret) => `${begin}password: |\n  ${secret()}\n\n  ${secret()}: ${secret()}\n  - ${secret()}\nsecret: >-\n    ${secret()}\n   ${secret()}\n`),
  "a block with a tab": marked((secret) => `${begin}password: |\n\t${secret()}\n  ${secret()}\n`),
  "a value of several lines": marked((secret) => `${begin}password: "${secret()}\n  ${secret()}\n  ${secret()}"\nother: 1\ntoken: ${secret()}\n  ${secret()}: ${secret()}\n`),
  "a quote that is never closed": marked((secret) => `${begin}password: "${secret()}\nx: ${secret()}\n`),
  "a bracket that is never closed": marked((secret) => `${begin}tokens: [${secret()}, ${secret()}\nx: 1\n`),
  "a stray bracket": marked((secret) => `${begin}]\npassword: ${secret()}\n`),
  "a colon too many": marked((secret) => `${begin}password: ${secret()}: ${secret()}\n`),
  "a line that is indented too far": marked((secret) => `${begin}  password: ${secret()}\n  ${secret()}\n`),
  "the same password twice": marked((secret) => `${begin}password: ${secret()}\npassword: ${secret()}\n`),
  "a key twice in a secret": marked((secret) => {
    const key = secret();
    return `${begin}credentials:\n  ${key}: 1\n  ${key}: 2\n`;
  }),
  "an alias and a tag and an escape in a secret": marked((secret) => `${begin}password: *${secret()}\nsecret: !${secret()} x\ntoken: "\\q${secret()}"\ncredential: |${secret()}\n  x\n`),
  "a second document": marked((secret) => `${begin}--- {password: ${secret()}}\n`),
  "a private key": marked((secret) => `${begin}tls:\n  issuer: files\n  key: |\n    -----BEGIN PRIVATE KEY-----\n    ${base64(secret)}\n    ${base64(secret)}\n    ${secret()}==\n    -----END PRIVATE KEY-----\n  certificate: x\n`),
  "a private key in a line": marked((secret) => `${begin}tls: { issuer: files, key: "-----BEGIN PRIVATE KEY-----\\n${base64(secret)}\\n${secret()}==\\n-----END PRIVATE KEY-----", certificate: x }\n`),
  "several private keys in a line": marked((secret) => `${JSON.stringify({ hostname: "mail", keys: [`-----BEGIN PRIVATE KEY-----\n${secret()}\n-----END PRIVATE KEY-----`, `-----BEGIN PRIVATE KEY-----\n${secret()}\n-----END PRIVATE KEY-----`], x: `password=${secret()}` })}\n`),
  "a private key that is not indented": marked((secret) => `${begin}key: |\n-----BEGIN PRIVATE KEY-----\n${base64(secret)}\n${base64(secret)}\n-----END PRIVATE KEY-----\n`),
  "addresses with a password": marked((secret) => `hostname: https://me:${secret()}@mail.example.org/\nmail_domains: ["https://${secret()}@a.example.org", "ftp://a:b/${secret()}@a.example.org"]\nproxy: { trusted_proxies: ["http://u:${secret()}@192.0.2.1"] }\ntargets: [https://u:${secret()}@x]\nplatform: "https://u:${"x".repeat(70)}${secret()}@x"\n`),
  "headers": marked((secret) => `${begin}platform: "Authorization: Basic ${secret()}"\ntargets: ["Bearer ${secret()}"]\nheaders: ["X-Api-Key: ${secret()}"]\n`),
  "hashes": marked((secret) => `${begin}mailcow: "$2y$10$${secret()}"\nmail_domains: "{SSHA256}${secret()}"\nversions: { nginx: "$apr1$ab$${secret()}" }\n`),
  "passwords for basic_auth": marked((secret) => `${begin}basic_auth:\n  paths: [/rspamd, /SOGo]\n  users:\n    - ${secret()}\n    - "alice:${secret()}"\n    - bob:$2y$14$${secret()}\n    - {carol: ${secret()}}\n    - "dave:$apr1$${secret()}"\n`),
  "passwords for basic_auth in braces": marked((secret) => `${begin}basic_auth: { paths: [/, "${secret()}"], users: ["alice:${secret()}", ${secret()}], x: ${secret()} }\n`),
  "a password for basic_auth in a wrong place": marked((secret) => `${begin}proxy:\n  basic_auth:\n    users: ["alice:${secret()}"]\nbasicAuth: { users: ["alice:${secret()}"] }\n`),
  "a key in base64": marked((secret) => `${begin}mailcow: ${base64(secret)}\naccess: [{ path: "${base64(secret)}" }]\n`),
  "the data of a machine": marked((secret) => `#cloud-config\nhostname: mail\npassword: ${secret()}\nchpasswd:\n  list: |\n     root:x\nssh_keys:\n  rsa_private: |\n    -----BEGIN RSA PRIVATE KEY-----\n    ${base64(secret)}\n    -----END RSA PRIVATE KEY-----\n`),
  "Traefik's configuration": marked((secret) => `tls: {}\nhttp:\n  middlewares:\n    a:\n      basicAuth: { users: ["me:${secret()}"] }\n      headers: { customRequestHeaders: { Authorization: "Basic ${secret()}" } }\n`),
  "Latin-1": marked((secret) => `hostname: m\u00fcller\npassword: ${secret()} \u00e4\n`),
  "UTF-16": marked((secret) => Buffer.from(`hostname: mail.example.org # password=${secret()}\npassword: ${secret()}\n`, "utf16le").toString()),
};

/** The lines that somebody adds to a generated file, by the target. */
export const edits: Readonly<Record<"nginx" | "apache" | "haproxy" | "shell", Marked>> = {
  nginx: marked(
    (secret) => `    proxy_set_header Authorization "Basic ${secret()}";
    proxy_set_header X-Api-Key ${secret()};
    proxy_set_header Authorization
        "Bearer ${secret()}";
    proxy_pass https://me:${secret()}@127.0.0.1;
    set $auth_token '${secret()}';
    # password: ${secret()}
    # mysql --password=${secret()}
    # -----BEGIN PRIVATE KEY-----
    # ${base64(secret)}
    # ${secret()}==
    # -----END PRIVATE KEY-----
    return 302 https://example.org/?access_token=${secret()};
    secure_link_secret ${secret()};
`,
  ),
  apache: marked(
    (secret) => `RequestHeader set Authorization "Basic ${secret()}"
RequestHeader set X-Auth-Token ${secret()}
SetEnv DB_PASSWORD "${secret()}"
Define API_TOKEN ${secret()}
ProxyPass "/x" "http://me:${secret()}@127.0.0.1/"
AuthBasicFake me ${secret()}
AuthLDAPBindPassword \\
    ${secret()}
`,
  ),
  haproxy: marked(
    (secret) => `userlist admins
    user me insecure-password ${secret()}
    user you password $5$ab$${secret()}
    stats auth me:${secret()}
    http-request set-header Authorization "Basic ${secret()}"
    http-request set-header Authorization Basic\\ ${secret()}
    http-check send hdr Authorization "Bearer ${secret()}"
`,
  ),
  shell: marked((secret) => `export TOKEN=${secret()}\ncurl -u me:${secret()} -H "Authorization: Bearer ${secret()}" https://example.org/\nDB_PASSWORD="${secret()}\n${secret()}"\nwget --password ${secret()} https://a:${secret()}@example.org/\ncurl https://example.org/f2b-banlist?id=${secret()}\n`),
};

/** Each is taken, changed and compared. */
export const confs: Readonly<Record<string, Marked>> = {
  "everything in it": marked(
    (secret) => `# Password: ${secret()}
# Authorization: Basic ${secret()}
# https://me:${secret()}@example.org/
# -----BEGIN PRIVATE KEY-----
# ${base64(secret)}
# -----END PRIVATE KEY-----
MAILCOW_HOSTNAME=old.example.org
DBPASS=${secret()}
DBROOT='${secret()}'
HTTP_PORT=80 # REDISPASS=${secret()}
REDISPASS = ${secret()}
HTTP_BIND=DBPASS=${secret()}
HTTPS_BIND="https://me:${secret()}@127.0.0.1"
ADDITIONAL_SERVER_NAMES=https://me:${secret()}@webmail.example.org,password=${secret()}
ADDITIONAL_SAN=https://me:${secret()}@x
TRUSTED_PROXIES=Bearer ${secret()}
HTTP_REDIRECT=API_KEY=${secret()}
KEY_OF_OURS="-----BEGIN PRIVATE KEY-----
${base64(secret)}
-----END PRIVATE KEY-----"
SKIP_LETS_ENCRYPT=y
${secret()}
`,
  ),
};
