/** The stock files of RHEL's packages httpd, mod_ssl and mod_http2, in short. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { run } from "../command.ts";

/** The main file, which is there only in this layout. */
export const main = "/etc/httpd/conf/httpd.conf";

const modules = [
  "alias", "auth_basic", "authz_core", "authz_host", "autoindex", "deflate", "dir", "env", "filter", "headers", "mime", "negotiation", "remoteip", "reqtimeout", "rewrite",
  "setenvif", "socache_shmcb", "status", "mpm_event", "proxy", "proxy_http", "ssl", "http2",
];

export function install(): void {
  for (const folder of ["/etc/httpd/conf", "/etc/httpd/conf.d", "/etc/httpd/conf.modules.d", "/var/log/httpd", "/run/httpd", "/var/www/html", "/etc/pki/tls/certs", "/etc/pki/tls/private"]) mkdirSync(folder, { recursive: true });
  for (const [link, target] of [["logs", "/var/log/httpd"], ["modules", "/usr/lib/apache2/modules"], ["run", "/run/httpd"]] as const) symlinkSync(target, `/etc/httpd/${link}`);
  run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "/etc/pki/tls/private/localhost.key", "-out", "/etc/pki/tls/certs/localhost.crt");
  chmodSync("/etc/pki/tls/private/localhost.key", 0o600);
  writeFileSync("/etc/httpd/conf.modules.d/00-base.conf", modules.map((module) => `LoadModule ${module}_module modules/mod_${module}.so\n`).join(""));
  writeFileSync(main, `
ServerRoot "/etc/httpd"
PidFile run/httpd.pid
Listen 80
Include conf.modules.d/*.conf
User www-data
Group www-data
ServerAdmin root@localhost
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "/var/www/html"
<Directory "/var/www/html">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
DirectoryIndex index.html
<Files ".ht*">
    Require all denied
</Files>
ErrorLog "logs/error_log"
LogLevel warn
TypesConfig /etc/mime.types
AddDefaultCharset UTF-8
EnableSendfile on
IncludeOptional conf.d/*.conf
`);
  writeFileSync("/etc/httpd/conf.d/welcome.conf", `
<LocationMatch "^/+$">
    Options -Indexes
    ErrorDocument 403 /.noindex.html
</LocationMatch>
<Directory /usr/share/httpd/noindex>
    AllowOverride None
    Require all granted
</Directory>
Alias /.noindex.html /usr/share/httpd/noindex/index.html
Alias /poweredby.png /usr/share/httpd/icons/apache_pb3.png
`);
  writeFileSync("/etc/httpd/conf.d/ssl.conf", `
Listen 443 https
SSLSessionCache shmcb:/run/httpd/sslcache(512000)
SSLSessionCacheTimeout 300
<VirtualHost _default_:443>
    ErrorLog logs/ssl_error_log
    LogLevel warn
    SSLEngine on
    SSLHonorCipherOrder on
    SSLCertificateFile /etc/pki/tls/certs/localhost.crt
    SSLCertificateKeyFile /etc/pki/tls/private/localhost.key
</VirtualHost>
`);
}
