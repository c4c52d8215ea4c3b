/** The stock files of RHEL's package, in short. Its unit names the folder conf.d, and reads OPTIONS. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

export const options = "/etc/sysconfig/haproxy";

export function install(): void {
  rmSync("/etc/default/haproxy");
  for (const folder of ["/etc/sysconfig", "/etc/haproxy/conf.d"]) mkdirSync(folder, { recursive: true });
  writeFileSync(options, 'OPTIONS=""\n');
  writeFileSync("/etc/haproxy/haproxy.cfg", `
global
    log /dev/log local2
    chroot /var/lib/haproxy
    maxconn 4000
    user haproxy
    group haproxy
    stats socket /var/lib/haproxy/stats

defaults
    mode http
    log global
    option httplog
    option dontlognull
    option http-server-close
    option forwardfor except 127.0.0.0/8
    option redispatch
    retries 3
    timeout http-request 10s
    timeout queue 1m
    timeout connect 10s
    timeout client 1m
    timeout server 1m
    timeout http-keep-alive 10s
    timeout check 10s
    maxconn 3000

frontend main
    bind *:5000
    acl url_static path_beg -i /static /images
    use_backend static if url_static
    default_backend app

backend static
    balance roundrobin
    server static 127.0.0.1:4331 check

backend app
    balance roundrobin
    server app1 127.0.0.1:5001 check
`);
}
