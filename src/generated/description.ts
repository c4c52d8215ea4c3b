/** Made from schemas/description.schema.json by build/generate.js: a description after its defaults are filled. */

/**
 * A fully qualified host name. Letters outside ASCII are allowed and are written as A-labels.
 */
export type HostName = string;
/**
 * A host name, or a label for each mail domain such as "webmail.*".
 */
export type ServerName = string;
/**
 * A host name, a label for each mail domain such as "imap.*", or a wildcard such as "*.example.org".
 */
export type CertificateName = string;
/**
 * An IPv4 or IPv6 address.
 */
export type Address = string;
/**
 * A TCP port.
 */
export type Port = number;
/**
 * An IPv4 or IPv6 address, or a host name, which may be a container's name without a dot.
 */
export type UpstreamAddress = string;
/**
 * An IPv4 or IPv6 network in CIDR notation, or a single address.
 */
export type Network = string;
/**
 * An IPv4 or IPv6 network in CIDR notation, a single address, or cloudflare.
 */
export type TrustedProxy = string;
/**
 * An absolute path of letters, digits and . _ - + @ =, without . or .. segments.
 */
export type FilePath = string;
/**
 * An e-mail address of letters, digits and . _ + -, with a domain in ASCII.
 */
export type Email = string;
/**
 * A number of seconds, up to 100 years.
 */
export type Seconds = number;
/**
 * The address of mailcow's list of bans: https://, a host name, /f2b-banlist?id= and an identifier.
 */
export type Banlist = string;
/**
 * A decoded URL path that starts with /, of letters, digits and . _ ~ -, without empty, . or .. segments.
 */
export type UrlPath = string;
/**
 * An IPv4 or IPv6 network in CIDR notation, a single address, or all.
 */
export type Clients = string;
/**
 * A name, a colon and a bcrypt hash that begins with $2y$ and has a cost of at most 12.
 */
export type User = string;
/**
 * A name for a login, of letters, digits and . _ + - = @ ~.
 */
export type LoginName = string;
/**
 * The name of an environment variable: letters, digits and _, not beginning with a digit.
 */
export type Variable = string;
/**
 * A hash of Rspamd's own, $1$ (PBKDF2) or $2$ (Catena).
 */
export type RspamdHash = string;
/**
 * A version of two or three numbers, in quotes.
 */
export type Version = string;

/**
 * A mailcow host and the reverse proxy in front of it, as input for mailcow-proxy.
 */
export interface Description {
  hostname: HostName;
  /**
   * Whether the proxy serves hostname. false: hostname is an internal name. The proxy serves only the other names, and its certificate does not need hostname.
   */
  serve_hostname: boolean;
  /**
   * The mail domains of mailcow. The proxy serves autodiscover., autoconfig. and mta-sts. of each domain, or those in discovery. Without this key, it serves these names of every domain.
   *
   * @maxItems 5000
   */
  mail_domains?: HostName[];
  /**
   * The names below a mail domain that exist in your DNS: the proxy serves them, and the certificate must have them. Leave out mta-sts if your domains have no such record. [] means none of the three.
   *
   * @maxItems 8
   */
  discovery: ("autodiscover" | "autoconfig" | "mta-sts")[];
  /**
   * More names of the web interface: ADDITIONAL_SERVER_NAMES in mailcow.conf. "webmail.*" stands for this name in each of the mail_domains; without mail_domains, in every domain.
   *
   * @maxItems 5000
   */
  additional_server_names: ServerName[];
  /**
   * Names that are in the certificate but are not served by the proxy, for example the names that mail clients use: ADDITIONAL_SAN in mailcow.conf. The proxy only forwards their ACME challenges. "imap.*" stands for this name in each mail domain; "*.example.org" needs mailcow's ACME_DNS_CHALLENGE.
   *
   * @maxItems 5000
   */
  certificate_names: CertificateName[];
  /**
   * Names of your own sites on mailcow's nginx, such as Nextcloud or Portainer. The proxy passes them on unchanged, with WebSocket. They are in the proxy's certificate, but access rules do not apply to them.
   *
   * @maxItems 1000
   */
  other_sites: HostName[];
  /**
   * Where mailcow is installed, and the addresses and ports of its own nginx.
   */
  mailcow: {
    /**
     * An absolute path of letters, digits and . _ - + @ =, without . or .. segments.
     */
    directory: string;
    /**
     * The first three numbers of an IPv4 network of 256 addresses.
     */
    ipv4_network: string;
    /**
     * The plain HTTP listener of mailcow's nginx.
     */
    http: {
      /**
       * An IPv4 or IPv6 address, or "" for all addresses.
       */
      bind: string;
      /**
       * A TCP port.
       */
      port: number;
    };
    /**
     * The HTTPS listener of mailcow's nginx.
     */
    https: {
      /**
       * An IPv4 or IPv6 address, or "" for all addresses.
       */
      bind: string;
      /**
       * A TCP port.
       */
      port: number;
    };
  };
  /**
   * The reverse proxy: the addresses it listens on, how it reaches mailcow, and which peers it trusts.
   */
  proxy: {
    /**
     * The addresses the proxy listens on. 0.0.0.0 means every IPv4 address, :: every IPv6 address.
     *
     * @minItems 1
     * @maxItems 64
     */
    listen: Address[];
    /**
     * A TCP port.
     */
    http_port: number;
    /**
     * A TCP port.
     */
    https_port: number;
    public_https_port?: Port;
    /**
     * The names of Traefik's entry points for these ports. If the proxy listens on several addresses, each further one has a number behind its name: web-2.
     */
    entry_points: {
      /**
       * A name of letters, digits, - and _.
       */
      http: string;
      /**
       * A name of letters, digits, - and _.
       */
      https: string;
    };
    /**
     * Where the client's TLS ends: here, or before, in a trusted proxy in front that uses plain HTTP to this one, such as a tunnel or a load balancer. With before, the proxy listens only on http_port and has no certificate. It serves what one of the trusted_proxies sends with X-Forwarded-Proto: https.
     */
    tls_ends: "here" | "before";
    /**
     * How the proxy reaches mailcow.
     */
    upstream: {
      /**
       * http: the proxy terminates TLS and uses plain HTTP to mailcow. https: the proxy also uses TLS to mailcow; choose https when others can read the network between them.
       */
      scheme: "http" | "https";
      address?: UpstreamAddress;
      resolver?: Address;
      /**
       * off, or the absolute path of a CA file.
       */
      verify: string;
    };
    /**
     * The addresses or networks from which the proxy connects to mailcow: TRUSTED_PROXIES in mailcow.conf. Needed when the proxy is on another host: an address that is not mailcow's bind says that it is. When the proxy is on mailcow's own host, mailcow sees a private address, which it already trusts.
     *
     * @maxItems 1000
     */
    addresses: Network[];
    /**
     * The addresses or networks of a load balancer or CDN in front of the proxy; cloudflare stands for the networks that Cloudflare publishes. Only these peers are trusted to tell the client's address.
     *
     * @maxItems 1000
     */
    trusted_proxies: TrustedProxy[];
    /**
     * Use PROXY protocol instead of headers for the client's address.
     */
    proxy_protocol: {
      /**
       * The trusted_proxies send the client's address with PROXY protocol (version 1 or 2) instead of X-Forwarded-For.
       */
      accept: boolean;
      /**
       * Send PROXY protocol to mailcow: NGINX_USE_PROXY_PROTOCOL in mailcow.conf. HAProxy only.
       */
      send: boolean;
    };
  };
  /**
   * The certificate and the TLS settings of the proxy.
   */
  tls: {
    /**
     * Where the certificate comes from: mailcow (its acme-mailcow container; the proxy reads data/assets/ssl, or on another host the copy in /etc/ssl), certbot (the proxy reads /etc/letsencrypt/live), files (the paths in certificate and key), or proxy (the ACME client in the proxy itself, where it has one; the target systemd copies its certificates to mailcow).
     */
    issuer: "mailcow" | "certbot" | "files" | "proxy";
    certificate?: FilePath;
    key?: FilePath;
    /**
     * With issuer mailcow: each mail domain has its own certificate, ENABLE_SSL_SNI in mailcow.conf. Needs mail_domains and the target systemd.
     */
    sni: boolean;
    email?: Email;
    /**
     * A name of letters, digits, - and _.
     */
    certificate_resolver: string;
    /**
     * With issuer certbot and the proxy on another host than mailcow: the host that certbot runs on. The other one gets a copy of the certificate over SSH.
     */
    certbot_host: "proxy" | "mailcow";
    /**
     * With issuer certbot: how its deploy hook installs a new certificate in mailcow, as a copy or as a hard link.
     */
    deploy: "copy" | "hardlink";
    acme_webroot?: FilePath;
    /**
     * With issuer files, certbot or proxy: acme-mailcow keeps a certificate of its own for the mail services, with the hostname and certificate_names, so they need no copy of yours. SKIP_LETS_ENCRYPT in mailcow.conf stays as it is.
     */
    acme_mailcow: boolean;
    /**
     * Mozilla's TLS profile: intermediate (TLS 1.2 and 1.3) or modern (only TLS 1.3).
     */
    profile: "intermediate" | "modern";
    /**
     * The groups for the key exchange, instead of those of the profile.
     *
     * @minItems 1
     * @maxItems 8
     */
    groups?: ("X25519MLKEM768" | "X25519" | "prime256v1" | "secp384r1" | "secp521r1")[];
    /**
     * A Strict-Transport-Security header that replaces mailcow's own.
     */
    hsts?: {
      max_age: Seconds;
      /**
       * Whether this also applies to all subdomains of the visited name.
       */
      include_subdomains: boolean;
      /**
       * Agree to be included in the browsers' HSTS preload list.
       */
      preload: boolean;
    };
  };
  /**
   * The mail ports through the proxy: a proxy on another host passes them on with PROXY protocol, so that mailcow sees the clients' own addresses. For the targets haproxy-mail, nginx-mail or traefik-mail on the proxy, and mail-ports on mailcow's host.
   */
  mail?: {
    /**
     * The ports that the proxy passes on. mailcow takes each with PROXY protocol on a port that is 10000 higher, and announces the ordinary ones to clients.
     *
     * @minItems 1
     * @maxItems 8
     */
    ports: (25 | 465 | 587 | 143 | 993 | 110 | 995 | 4190)[];
    /**
     * The addresses the proxy listens on for mail. Default: proxy.listen.
     *
     * @minItems 1
     * @maxItems 64
     */
    listen?: Address[];
    address?: Address;
    /**
     * What keeps everyone but the proxy from these ports on mailcow's host. nftables: a table of its own. iptables: rules in Docker's chain DOCKER-USER and in INPUT.
     */
    firewall: "nftables" | "iptables";
    banlist?: Banlist;
  };
  /**
   * Paths that only some networks may access. All others get a 403. Where several rules fit, the one with the longest path decides.
   *
   * @maxItems 500
   *
   * Items: A path and the networks that may access it.
   */
  access: {
    path: UrlPath;
    /**
     * The networks or addresses that may access the path. [all] opens a path inside a protected one to everyone.
     *
     * @minItems 1
     * @maxItems 1000
     */
    allow: Clients[];
    /**
     * The names on which the rule holds; without this key, on every name. On a name with rules of its own, these are tried first, and the others only for paths that none of them fits.
     *
     * @maxItems 100
     */
    names: HostName[];
  }[];
  /**
   * Paths for which the proxy asks for a name and a password of its own, in addition to mailcow's login. mailcow does not see them.
   */
  basic_auth?: {
    /**
     * The prefixes of these paths, in every spelling. Paths of phones, calendars and mail programs are refused, because these clients know only mailcow's passwords.
     *
     * @minItems 1
     * @maxItems 100
     */
    paths: UrlPath[];
    /**
     * The names, each with a bcrypt hash of the password, as htpasswd -nBC 10 NAME prints them.
     *
     * @minItems 1
     * @maxItems 1000
     */
    users: User[];
  };
  /**
   * Another mail server that sends all of mailcow's outgoing mail, for the target relayhost. A sender-dependent transport or a transport map in mailcow's UI still decides first.
   */
  relayhost?: {
    host: HostName;
    /**
     * A TCP port.
     */
    port: number;
    /**
     * secure: TLS with a certificate that is valid for host. encrypt: TLS with any certificate. Without such TLS, mail waits in the queue.
     */
    tls: "secure" | "encrypt";
    username?: LoginName;
    password_file?: FilePath;
    password_variable?: Variable;
  };
  /**
   * Logs of mailcow's containers in the host's syslog: rsyslog receives them (target rsyslog), and Docker sends them (target docker-logging).
   */
  syslog?: {
    /**
     * How Docker sends the lines to 127.0.0.1. udp: a container also starts if rsyslog does not run, and lines are lost then. tcp: a container does not start without rsyslog, so Docker starts after it.
     */
    protocol: "udp" | "tcp";
    /**
     * A TCP port.
     */
    port: number;
    /**
     * An absolute path of letters, digits and . _ - + @ =, without . or .. segments.
     */
    file: string;
    /**
     * The services of mailcow's docker-compose.yml whose lines are sent. docker compose logs still shows them.
     *
     * @minItems 1
     * @maxItems 50
     */
    services: (
      | "unbound-mailcow"
      | "mysql-mailcow"
      | "redis-mailcow"
      | "clamd-mailcow"
      | "rspamd-mailcow"
      | "php-fpm-mailcow"
      | "sogo-mailcow"
      | "dovecot-mailcow"
      | "postfix-mailcow"
      | "postfix-tlspol-mailcow"
      | "memcached-mailcow"
      | "nginx-mailcow"
      | "acme-mailcow"
      | "netfilter-mailcow"
      | "watchdog-mailcow"
      | "dockerapi-mailcow"
      | "olefy-mailcow"
      | "ofelia-mailcow"
    )[];
  };
  /**
   * Passwords for Rspamd's web interface, for the target rspamd. They count instead of the one that mailcow's own pages set.
   */
  rspamd?: {
    enable_password?: RspamdHash;
    password?: RspamdHash;
  };
  /**
   * Bans of fail2ban on mailcow's host, for the target fail2ban. It reads the log of syslog, and bans clients that fail to log in to Dovecot or Postfix, in addition to mailcow's own netfilter.
   */
  fail2ban?: {
    /**
     * A whole number from 1 to 1000.
     */
    maxretry: number;
    /**
     * A number of up to five digits, with s for seconds, m for minutes, h for hours, d for days or w for weeks.
     */
    bantime: string;
    /**
     * Addresses or networks that are never banned, in addition to this host and mailcow's containers.
     *
     * @maxItems 1000
     */
    ignore: Network[];
  };
  /**
   * A Postfix on mailcow's host that passes the host's own mail to mailcow and listens on no port, for the target local-mta.
   */
  local_mta?: {
    hostname: HostName;
    domain: HostName;
  };
  /**
   * The distribution on the proxy's host: the output is for its server versions and its folders. rhel is also AlmaLinux and Rocky Linux. Without platform, the output is for the folders of Debian and Ubuntu, and without versions as well, it works with the versions of all platforms.
   */
  platform?: "debian-12" | "debian-13" | "ubuntu-22.04" | "ubuntu-24.04" | "rhel-9" | "rhel-10";
  /**
   * Where the servers' packages come from. With nginx.org, nginx is from there: its files are in conf.d, and its version is not the platform's, so give it in versions.
   */
  packages: "distribution" | "nginx.org";
  /**
   * The versions of the servers, instead of a platform, or where they differ from the platform's.
   */
  versions: {
    nginx?: Version;
    apache?: Version;
    haproxy?: Version;
    caddy?: Version;
    traefik?: Version;
    openssl?: Version;
  };
  /**
   * The targets that generate writes when --target is not given.
   *
   * @minItems 1
   * @maxItems 32
   */
  targets: (
    | "nginx"
    | "apache"
    | "haproxy"
    | "caddy"
    | "traefik"
    | "mailcow-conf"
    | "rspamd"
    | "relayhost"
    | "docker-logging"
    | "mail-ports"
    | "traefik-labels"
    | "systemd"
    | "certbot"
    | "rsyslog"
    | "fail2ban"
    | "local-mta"
    | "haproxy-mail"
    | "nginx-mail"
    | "traefik-mail"
    | "mail-bans"
    | "opnsense"
    | "pfsense"
    | "plesk"
    | "ispconfig"
    | "cloudpanel"
    | "nginx-proxy-manager"
  )[];
}
