/**
 * The configuration of mailcow's Postfix and Dovecot: the listeners of its own master.cf and dovecot.conf (2026-08), and the values
 * that decide who may do what. What needs its database, Rspamd or DNS is left out, and mail that is taken goes nowhere.
 */
import { run } from "../../wire/world/command.ts";
import { scratch } from "../../wire/world/filesystem.ts";

/** Connections that Postfix takes from one client at a time: mailcow has 50. */
export const connectionsOfOne = 6;

export const masterCf = `
smtp       inet  n       -       n       -       1       postscreen
10025      inet  n       -       n       -       1       postscreen
  -o postscreen_upstream_proxy_protocol=haproxy
  -o syslog_name=haproxy
smtpd      pass  -       -       n       -       -       smtpd
  -o smtpd_sasl_auth_enable=no
smtps    inet  n       -       n       -       -       smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o syslog_name=postfix/smtps
10465    inet  n       -       n       -       -       smtpd
  -o smtpd_upstream_proxy_protocol=haproxy
  -o smtpd_tls_wrappermode=yes
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o syslog_name=postfix/smtps-haproxy
submission inet n       -       n       -       -       smtpd
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o smtpd_tls_security_level=encrypt
  -o syslog_name=postfix/submission
10587      inet n       -       n       -       -       smtpd
  -o smtpd_upstream_proxy_protocol=haproxy
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o smtpd_tls_security_level=encrypt
  -o syslog_name=postfix/submission-haproxy
tlsproxy   unix  -       -       n       -       0       tlsproxy
dnsblog    unix  -       -       n       -       0       dnsblog
`;

export const mainCf = `
myhostname = mail.example.org
inet_protocols = all
inet_interfaces = all
mynetworks_style = subnet
smtpd_tls_cert_file = ${scratch}/mailcow/cert.pem
smtpd_tls_key_file = ${scratch}/mailcow/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_helo_required = yes
smtpd_delay_reject = yes
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_invalid_helo_hostname, reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:172.22.1.250:10001
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = ${connectionsOfOne}
postscreen_access_list = permit_mynetworks
postscreen_cache_map = btree:$data_directory/postscreen_cache
postscreen_greet_action = enforce
postscreen_greet_wait = 3s
postscreen_denylist_action = drop
virtual_mailbox_domains = example.org
virtual_mailbox_maps = static:all
virtual_transport = discard:
default_transport = discard:
`;

/** What both versions of Dovecot read in the same way. */
const listeners = `
auth_mechanisms = plain login
log_path = /var/log/dovecot.log
first_valid_uid = 1
ssl_min_protocol = TLSv1.2
listen = *,[::]
service auth {
  inet_listener auth-inet {
    port = 10001
  }
}
service managesieve-login {
  inet_listener sieve {
    port = 4190
  }
  inet_listener sieve_haproxy {
    port = 14190
    haproxy = yes
  }
}
service imap-login {
  inet_listener imap_haproxy {
    port = 10143
    haproxy = yes
  }
  inet_listener imaps_haproxy {
    port = 10993
    ssl = yes
    haproxy = yes
  }
}
service pop3-login {
  inet_listener pop3_haproxy {
    port = 10110
    haproxy = yes
  }
  inet_listener pop3s_haproxy {
    port = 10995
    ssl = yes
    haproxy = yes
  }
}
`;

/** mailcow has a process for each session. A test machine has less memory, so here a process has many. */
const room = (unlimited: string) => `
service imap-login {
  ${unlimited}
  client_limit = 5000
  process_min_avail = 2
}
service imap {
  ${unlimited}
  client_limit = 1000
}
mail_max_userip_connections = 5000
default_client_limit = 10400
`;

/** Of Dovecot 2.3, as mailcow has it. */
const dovecot23 = `
protocols = imap sieve pop3
disable_plaintext_auth = yes
login_log_format_elements = "user=<%u> method=%m rip=%r lip=%l mpid=%e %c %k"
mail_home = /var/vmail/%d/%n
mail_location = maildir:~/
ssl_cert = <${scratch}/mailcow/cert.pem
ssl_key = <${scratch}/mailcow/key.pem
passdb {
  driver = passwd-file
  args = ${scratch}/mailcow/users
}
userdb {
  driver = static
  args = uid=5000 gid=5000
}
remote 172.22.1.248 {
  disable_plaintext_auth = no
}
${room("service_count = 0")}`;

/** The same for 2.4. */
const dovecot24 = `
protocols {
  imap = yes
  sieve = yes
  pop3 = yes
}
auth_allow_cleartext = no
mail_home = /var/vmail/%{user | domain}/%{user | username}
mail_driver = maildir
mail_path = ~/
ssl_server_cert_file = ${scratch}/mailcow/cert.pem
ssl_server_key_file = ${scratch}/mailcow/key.pem
passdb passwd-file {
  passwd_file_path = ${scratch}/mailcow/users
}
userdb static {
  fields {
    uid = 5000
    gid = 5000
  }
}
remote 172.22.1.248 {
  auth_allow_cleartext = yes
}
${room("restart_request_count = unlimited")}`;

/** For the version of Dovecot that there is. */
export function dovecotConf(): string {
  const [version = ""] = /^\d+\.\d+/.exec(run("dovecot", "--version")) ?? [];
  return version === "2.3" ? dovecot23 + listeners : `dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n${dovecot24}${listeners}`;
}
