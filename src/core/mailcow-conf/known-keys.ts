import { mailServices } from "../site/mail-services.ts";

/**
 * The keys of mailcow.conf in the order of generate_config.sh of mailcow-dockerized (2025-02). Keys that update.sh has added
 * since are in the place where that file has them now.
 */
const inOrder = [
  "MAILCOW_HOSTNAME",
  "MAILCOW_PASS_SCHEME",
  "DBNAME",
  "DBUSER",
  "DBPASS",
  "DBROOT",
  "REDISPASS",
  "HTTP_PORT",
  "HTTP_BIND",
  "HTTPS_PORT",
  "HTTPS_BIND",
  "HTTP_REDIRECT",
  "SMTP_PORT",
  "SMTPS_PORT",
  "SUBMISSION_PORT",
  "IMAP_PORT",
  "IMAPS_PORT",
  "POP_PORT",
  "POPS_PORT",
  "SIEVE_PORT",
  "DOVEADM_PORT",
  "SQL_PORT",
  "REDIS_PORT",
  "TZ",
  "COMPOSE_PROJECT_NAME",
  "DOCKER_COMPOSE_VERSION",
  "ACL_ANYONE",
  "MAILDIR_GC_TIME",
  "ADDITIONAL_SAN",
  "AUTODISCOVER_SAN",
  "ADDITIONAL_SERVER_NAMES",
  "SKIP_LETS_ENCRYPT",
  "ACME_DNS_CHALLENGE",
  "ACME_DNS_PROVIDER",
  "ACME_ACCOUNT_EMAIL",
  "ENABLE_SSL_SNI",
  "SKIP_IP_CHECK",
  "SKIP_HTTP_VERIFICATION",
  "SKIP_UNBOUND_HEALTHCHECK",
  "SKIP_CLAMD",
  "SKIP_OLEFY",
  "SKIP_SOGO",
  "SKIP_FTS",
  "FTS_HEAP",
  "FTS_PROCS",
  "ALLOW_ADMIN_EMAIL_LOGIN",
  "USE_WATCHDOG",
  "WATCHDOG_NOTIFY_EMAIL",
  "WATCHDOG_NOTIFY_WEBHOOK",
  "WATCHDOG_NOTIFY_WEBHOOK_BODY",
  "WATCHDOG_NOTIFY_BAN",
  "WATCHDOG_NOTIFY_START",
  "WATCHDOG_SUBJECT",
  "WATCHDOG_EXTERNAL_CHECKS",
  "WATCHDOG_VERBOSE",
  "LOG_LINES",
  "IPV4_NETWORK",
  "IPV6_NETWORK",
  "SNAT_TO_SOURCE",
  "SNAT6_TO_SOURCE",
  "API_KEY",
  "API_KEY_READ_ONLY",
  "API_ALLOW_FROM",
  "MAILDIR_SUB",
  "SOGO_EXPIRE_SESSION",
  "SOGO_URL_ENCRYPTION_KEY",
  "DOVECOT_MASTER_USER",
  "DOVECOT_MASTER_PASS",
  "ACME_CONTACT",
  "WEBAUTHN_ONLY_TRUSTED_VENDORS",
  "SPAMHAUS_DQS_KEY",
  "DISABLE_NETFILTER_ISOLATION_RULE",
  "ENABLE_IPV6",
] as const;

/** Keys that docker-compose.yml of mailcow-dockerized or its helper for PROXY protocol reads, but that generate_config.sh does not write. */
const elsewhere: readonly string[] = ["TRUSTED_PROXIES", "NGINX_USE_PROXY_PROTOCOL", "ONLY_MAILCOW_HOSTNAME", ...mailServices.map(({ key }) => `${key}_PORT_HAPROXY`)];

/** Passwords, keys and values like them: anyone who knows a webhook's address can post to it. */
const secret: ReadonlySet<string> = new Set([
  "DBPASS",
  "DBROOT",
  "REDISPASS",
  "WATCHDOG_NOTIFY_WEBHOOK",
  "WATCHDOG_NOTIFY_WEBHOOK_BODY",
  "API_KEY",
  "API_KEY_READ_ONLY",
  "SOGO_URL_ENCRYPTION_KEY",
  "DOVECOT_MASTER_USER",
  "DOVECOT_MASTER_PASS",
  "SPAMHAUS_DQS_KEY",
] satisfies (typeof inOrder)[number][]);

const open: ReadonlySet<string> = new Set([...inOrder, ...elsewhere].filter((key) => !secret.has(key)));

const all: ReadonlySet<string> = new Set([...inOrder, ...elsewhere]);

/** Whether mailcow uses the key. */
export function isMailcows(key: string): boolean {
  return all.has(key);
}

/** Whether the key's value may be shown. Values of unknown keys may be secret. */
export function mayBeShown(key: string): boolean {
  return open.has(key);
}

/** The keys in the order of mailcow's own file; other keys come last. */
export function sortedAsInMailcow<K extends string>(keys: readonly K[]): K[] {
  const rank = (key: string) => {
    const at = inOrder.findIndex((candidate) => candidate === key);
    return at === -1 ? inOrder.length : at;
  };
  return keys.toSorted((left, right) => rank(left) - rank(right));
}

/** The keys before and after a key in mailcow's own file, nearest first; none for other keys. */
export function neighbours(key: string): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const at = inOrder.findIndex((candidate) => candidate === key);
  return at === -1 ? { before: [], after: [] } : { before: inOrder.slice(0, at).toReversed(), after: inOrder.slice(at + 1) };
}
