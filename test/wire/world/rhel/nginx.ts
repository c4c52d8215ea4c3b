/** The stock files of RHEL's package, in short: the sites of conf.d come before its own server. */
import { rmSync, writeFileSync } from "node:fs";

export function install(): void {
  for (const folder of ["sites-enabled", "sites-available", "modules-enabled"]) rmSync(`/etc/nginx/${folder}`, { recursive: true });
  writeFileSync("/etc/nginx/nginx.conf", `
user www-data;
worker_processes auto;
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;
events {
    worker_connections 1024;
}
http {
    access_log /var/log/nginx/access.log;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 65;
    types_hash_max_size 4096;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    include /etc/nginx/conf.d/*.conf;
    server {
        listen 80;
        listen [::]:80;
        server_name _;
        root /usr/share/nginx/html;
        include /etc/nginx/default.d/*.conf;
        error_page 404 /404.html;
        location = /404.html {
        }
    }
}
`);
}
