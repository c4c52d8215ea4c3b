/**
 * A proxy host as NGINX Proxy Manager 2.15 writes it, with its settings of the http level that Debian's nginx.conf does not
 * have, and our Advanced text in it. The directives are NGINX Proxy Manager's, as far as they can change what becomes of a request.
 */
import { generate } from "../../../../src/index.ts";
import { isMachines } from "../description.ts";

interface Form {
  readonly names: readonly string[];
  readonly certificate: string;
  readonly key: string;
  /** What is changed in the Advanced text. */
  readonly adjust?: (text: string) => string;
  readonly blockExploits?: boolean;
  readonly websockets?: boolean;
  /** Whether the certificate is one of Let's Encrypt, which NGINX Proxy Manager renews itself. */
  readonly letsEncrypt?: boolean;
  /** Whether its default site for https comes first, for names that no host has. On plain http, the default site is Debian's. */
  readonly defaultSite?: boolean;
}

const http = `
proxy_connect_timeout 90s;
proxy_send_timeout 90s;
proxy_read_timeout 90s;
keepalive_timeout 90s;
client_max_body_size 2000m;
proxy_http_version 1.1;
proxy_set_header X-Forwarded-Scheme $scheme;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header Accept-Encoding "";
set_real_ip_from 10.0.0.0/8;
set_real_ip_from 172.16.0.0/12;
set_real_ip_from 192.168.0.0/16;
real_ip_header X-Real-IP;
real_ip_recursive on;
`;

const defaultSite = `
server {
    listen 443 ssl default_server;
    listen [::]:443 ssl default_server;
    server_name localhost;
    ssl_reject_handshake on;
    return 444;
}
`;

const exploits = `
    set $block_file_injections 0;
    if ($query_string ~ "[a-zA-Z0-9_]=http://") {
        set $block_file_injections 1;
    }
    if ($block_file_injections = 1) {
        return 403;
    }
`;

const letsEncrypt = `
    location ^~ /.well-known/acme-challenge/ {
        auth_basic off;
        allow all;
        default_type "text/plain";
        root /srv/letsencrypt-acme-challenge;
    }
    location = /.well-known/acme-challenge/ {
        return 404;
    }
    ssl_session_timeout 5m;
    ssl_session_cache shared:SSL:50m;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384;
    ssl_prefer_server_ciphers off;
`;

const upgrades = `
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $http_connection;
    proxy_http_version 1.1;
`;

/** The configuration that stands for a filled-in form, with Force SSL and HTTP/2. */
export function inProxyHost(description: string, { names, certificate, key, adjust = (text) => text, ...switches }: Form): string {
  const { files: [file] } = generate(description, { targets: ["nginx-proxy-manager"] });
  // From 1.25.1 on, HTTP/2 has a directive of its own, which is what NGINX Proxy Manager writes.
  const http2 = isMachines ? { listen: " http2", directive: "" } : { listen: "", directive: "http2 on;" };
  return `${http}${switches.defaultSite === true ? defaultSite : ""}
server {
    set $forward_scheme http;
    set $server "127.0.0.1";
    set $port 8080;
    listen 80;
    listen [::]:80;
    listen 443 ssl${http2.listen};
    listen [::]:443 ssl${http2.listen};
    server_name ${names.join(" ")};
    server_tokens off;
    ${http2.directive}
${switches.letsEncrypt === true ? letsEncrypt : ""}
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
${switches.blockExploits === true ? exploits : ""}
    set $test "";
    if ($scheme = "http") {
        set $test "H";
    }
    if ($request_uri = /.well-known/acme-challenge/test-challenge) {
        set $test "\${test}T";
    }
    if ($test = H) {
        return 301 https://$host$request_uri;
    }
${switches.websockets === true ? upgrades : ""}
    access_log /var/log/nginx/proxy-host-1_access.log;
    error_log /var/log/nginx/error.log warn;
${adjust(file?.content ?? "")}
}
`;
}
