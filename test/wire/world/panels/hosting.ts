/** A site as ISPConfig and others write it for nginx, in short, with our directives at the end of its server block. */
import { generate } from "../../../../src/index.ts";

export function inServerBlock(description: string, names: readonly string[], { certificate, key }: { readonly certificate: string; readonly key: string }): string {
  const { files: [file] } = generate(description, { targets: ["ispconfig"] });
  return `
server {
    listen 80;
    listen [::]:80;
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name ${names.join(" ")};
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1.2 TLSv1.3;
    server_tokens off;
    root /var/www/html;
    index index.html index.php;
    client_max_body_size 128m;
    proxy_read_timeout 60s;
    proxy_set_header X-Panel panel;
    location ~ /\\.(?!well-known) {
        deny all;
    }
    location ~ \\.php$ {
        return 404;
    }
    location ~* \\.(?:txt|xml)$ {
        return 403;
    }
    location = /robots.txt {
        return 200;
    }
${(file?.content ?? "").replaceAll(/^(?=.)/gm, "    ")}
}
`;
}
