/** The stock files of nginx.org's package, in short: only conf.d is read, and its default.conf comes before other sites. */
import { rmSync, writeFileSync } from "node:fs";

export function install(): void {
  for (const folder of ["sites-enabled", "sites-available", "modules-enabled"]) rmSync(`/etc/nginx/${folder}`, { recursive: true });
  writeFileSync("/etc/nginx/nginx.conf", `
user www-data;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /run/nginx.pid;
events {
    worker_connections 1024;
}
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;
    sendfile on;
    keepalive_timeout 65;
    include /etc/nginx/conf.d/*.conf;
}
`);
  writeFileSync("/etc/nginx/conf.d/default.conf", `
server {
    listen 80;
    server_name localhost;
    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
    }
    error_page 500 502 503 504 /50x.html;
    location = /50x.html {
        root /usr/share/nginx/html;
    }
}
`);
}
