/** Files that are no description and no mailcow.conf, or not the one that was asked for, with marked secrets in them. */
import { type Marked, inLatin1, inUtf16, marked } from "./marks.ts";

/** 64 characters of base64 with a secret in them. */
const base64 = (secret: () => string) => `${secret()}A1b2+/C3d4${secret()}E5f6${secret()}`.slice(0, 64);

const pem = (label: string, secret: () => string, end = "\n") => [`-----BEGIN ${label}-----`, base64(secret), base64(secret), `${secret()}==`, `-----END ${label}-----`, ""].join(end);

const mailcowConf = (secret: () => string, end = "\n") =>
  [
    "# ------------------------------",
    "# mailcow web ui configuration",
    "# ------------------------------",
    "# example.org is _not_ a valid hostname, use a fqdn here.",
    "MAILCOW_HOSTNAME=mail.example.org",
    "",
    "DBNAME=mailcow",
    "DBUSER=mailcow",
    `DBPASS=${secret()}`,
    `DBROOT=${secret()}`,
    `REDISPASS=${secret()}`,
    `# old: DBPASS=${secret()}`,
    "HTTP_PORT=80",
    "HTTP_BIND=",
    "ADDITIONAL_SAN=",
    `WATCHDOG_NOTIFY_WEBHOOK=https://hooks.example.org/${secret()}`,
    `API_KEY=${secret()}`,
    `SOGO_URL_ENCRYPTION_KEY=${secret()}`,
    `SPAMHAUS_DQS_KEY=${secret()}`,
    "",
  ].join(end);

const dotenv = (secret: () => string) =>
  `\ufeff# For the web application\r\n\r\nexport APP_KEY=base64:${secret()}=\r\nexport  DATABASE_URL="postgres://app:${secret()}@db/app"\r\nPLAIN=${secret()}\r\n  INDENTED='${secret()} ${secret()}'\r\nSPACED = ${secret()} # ${secret()}\r\nLINES="first\r\n${secret()}\r\nlast ${secret()}"\r\n${secret()}\r\nEMPTY=\r\n`;

const compose = (secret: () => string) => `version: "3.9"
services:
  db:
    hostname: db.example.org
    image: mariadb
    command: [--password, ${secret()}]
    environment:
      MYSQL_ROOT_PASSWORD: ${secret()}
      - MYSQL_PASSWORD=${secret()}
      SOMETHING: ${secret()}
volumes: {}
`;

const serviceAccount = (secret: () => string) => ({ type: "service_account", project_id: secret(), private_key_id: secret(), private_key: pem("PRIVATE KEY", secret), client_email: "a@example.org", other: secret() });

/** Nothing in them is meant to be read, under whatever name it stands. */
export const foreignFiles: Readonly<Record<string, Marked>> = {
  "mailcow.conf": marked(mailcowConf),
  "mailcow.conf with CRLF": marked((secret) => mailcowConf(secret, "\r\n")),
  "mailcow.conf with a byte order mark": marked((secret) => `\ufeff${mailcowConf(secret)}`),
  "mailcow.conf in UTF-16": inUtf16(marked(mailcowConf)),
  "mailcow.conf in UTF-16 with CRLF": inUtf16(marked((secret) => mailcowConf(secret, "\r\n"))),
  "mailcow.conf in big-endian UTF-16": inUtf16(marked(mailcowConf), "be"),
  "mailcow.conf in UTF-16 without a mark": marked((secret) => Buffer.from(mailcowConf(secret), "utf16le").toString()),
  "mailcow.conf with a quote that is never closed": marked((secret) => `MAILCOW_HOSTNAME=mail.example.org\nDBPASS="${secret()}\nDBROOT=${secret()}\n${secret()}\n`),
  "mailcow.conf with odd lines": marked((secret) => `${mailcowConf(secret)}${secret()}\n- ${secret()}\nhostname: ${secret()}\n{ ${secret()}\nA B=${secret()}\n`),
  "mailcow.conf of one line": marked((secret) => `DBPASS=${secret()}`),
  ".env": marked(dotenv),
  ".env in Latin-1": inLatin1(marked((secret) => `NAME=M\u00fcller\nOTHER=${secret()}\n`)),
  "systemd environment": marked((secret) => `[Service]\nEnvironment="TOKEN=${secret()}" "B=${secret()}"\nExecStart=/usr/bin/app --password ${secret()}\n`),
  "private key": marked((secret) => pem("PRIVATE KEY", secret)),
  "RSA key with CRLF": marked((secret) => pem("RSA PRIVATE KEY", secret, "\r\n")),
  "encrypted key": marked((secret) => pem("RSA PRIVATE KEY", secret).replace("-----\n", `-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,${secret()}\n\n`)),
  "OpenSSH key": marked((secret) => pem("OPENSSH PRIVATE KEY", secret)),
  "certificate and key": marked((secret) => `${pem("CERTIFICATE", secret)}${pem("EC PRIVATE KEY", secret)}`),
  "key below a comment": marked((secret) => `# ours\n\n${pem("PRIVATE KEY", secret)}`),
  "key without its end": marked((secret) => `-----BEGIN PRIVATE KEY-----\n${base64(secret)}\n${secret()}`),
  "body of a key": marked((secret) => `${base64(secret)}\n${base64(secret)}\n${secret()}==\n`),
  "PuTTY key": marked((secret) => `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: me\nPublic-Lines: 1\n${base64(secret)}\nPrivate-Lines: 1\n${secret()}\nPrivate-MAC: ${secret()}\n`),
  "script": marked((secret) => `#!/bin/sh\n# hostname: mail.example.org\ncat >x <<EOF\nhostname: ${secret()}\nEOF\ncurl -u admin:${secret()} https://example.org/\nmysql -p${secret()}\n`),
  "script without a shebang": marked((secret) => `set -e\nTOKEN=${secret()}\ncurl -H "X: ${secret()}" https://a:${secret()}@example.org/\nif true; then\n  echo ${secret()}\nfi\n`),
  "htpasswd": marked((secret) => `admin:$apr1$${secret()}\nbob:{SHA}${secret()}\ncarol:${secret()}\n`),
  "shadow": marked((secret) => `root:$6$${secret()}:19000:0:99999:7:::\n`),
  ".netrc": marked((secret) => `machine example.org login me password ${secret()}\n`),
  ".pgpass": marked((secret) => `db.example.org:5432:app:app:${secret()}\n`),
  ".git-credentials": marked((secret) => `https://me:${secret()}@example.org\n`),
  ".my.cnf": marked((secret) => `[client]\nuser = root\npassword = "${secret()}"\n`),
  "wireguard": marked((secret) => `[Interface]\nPrivateKey = ${secret()}=\nAddress = 10.0.0.1/24\n`),
  "token": marked((secret) => secret()),
  "token with a line's end": marked((secret) => `${secret()}\n`),
  "token like a name": marked((secret) => `${secret()}.${secret()}.${secret()}9\n`),
  "pass phrase": marked((secret) => `${secret()} ${secret()} ${secret()}\n`),
  "JSON credentials": marked((secret) => JSON.stringify(serviceAccount(secret), undefined, 2)),
  "JSON credentials in a line": marked((secret) => JSON.stringify(serviceAccount(secret))),
  "JSON with an error": marked((secret) => `${JSON.stringify(serviceAccount(secret), undefined, 2)}]\n${secret()}\n`),
  "a list of credentials": marked((secret) => JSON.stringify([serviceAccount(secret), secret()])),
  "a list of secrets": marked((secret) => `- ${secret()}\n- a: ${secret()}\n- [${secret()}]\n`),
  "Caddyfile": marked((secret) => `mail.example.org {\n  basic_auth {\n    bob ${secret()}\n  }\n  header_up Authorization "Basic ${secret()}"\n  respond "${secret()}"\n}\n`),
  "nginx site": marked((secret) => `server {\n  server_name mail.example.org;\n  proxy_set_header Authorization "Basic ${secret()}";\n  set $x ${secret()};\n}\n`),
  "compose file": marked(compose),
  "compose file with a mistake": marked((secret) => compose(secret).replace("volumes: {}", `volumes: {${secret()}`)),
  "Ansible vault": marked((secret) => `$ANSIBLE_VAULT;1.1;AES256\n${secret()}\n${secret()}\n`),
  "Ansible variables": marked((secret) => `---\nvault_db: ${secret()}\nmysql_root_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  ${secret()}\nnote: |\n  ${secret()}\n`),
  "Kubernetes secret": marked((secret) => `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  a: ${secret()}\nstringData: { b: ${secret()} }\n---\n${secret()}\n`),
  "kubeconfig": marked((secret) => `apiVersion: v1\nusers:\n- name: a\n  user:\n    client-key-data: ${secret()}\n    token: ${secret()}\n`),
  "TOML": marked((secret) => `[api]\ntoken = "${secret()}"\nother = '${secret()}'\n[[users]]\nname = "a"\n`),
  "XML": marked((secret) => `<?xml version="1.0"?>\n<a b="${secret()}">${secret()}</a>\n`),
  "PHP": marked((secret) => `<?php\n$x = '${secret()}';\ndefine('Y', '${secret()}');\n`),
  "SQL": marked((secret) => `INSERT INTO users VALUES ('a', '${secret()}');\n-- ${secret()}\n`),
  "binary": marked((secret) => `\u0000\u0001\u0002${secret()}\u0000\n${secret()}\u0007`),
  "Latin-1": inLatin1(marked((secret) => `${secret()} \u00e4 ${secret()}\n${secret()}\n`)),
  "commented out": marked((secret) => `# DBPASS=${secret()}\n#PLAIN=${secret()}\n`),
  "a key that is a list": marked((secret) => `? [${secret()}]\n: ${secret()}\n`),
  "an unknown anchor": marked((secret) => `a: *${secret()}\nb: !${secret()} 1\n`),
  "a directive": marked((secret) => `%${secret()} ${secret()}\n---\na: 1\n`),
  "more than a description may have": marked((secret) => `${secret()} `.repeat(2) + "x\n".repeat(200_000)),
  "more words than a description may have": marked((secret) => `a: ${secret()}\n${"b: [1, 2]\n".repeat(20_000)}`),
  "deeper than a description may be": marked((secret) => `a: ${"[".repeat(40)}${secret()}`),
  "aliases": marked((secret) => `a: &a ${secret()}\nb: [${"*a, ".repeat(120)}]\n`),
};
