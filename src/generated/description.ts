/** Made from schemas/description.schema.json by build/generate.js: a description after its defaults are filled. */

/**
 * A fully qualified host name. Letters outside ASCII are taken and written as their A-label.
 */
export type HostName = string;
/**
 * A host name, or a label of each mail domain such as "webmail.*".
 */
export type ServerName = string;
/**
 * A host name, a label of each mail domain such as "imap.*", or a wildcard such as "*.example.org".
 */
export type CertificateName = string;
/**
 * An IPv4 or IPv6 address.
 */
export type Address = string;
/**
 * An IPv4 or IPv6 network in CIDR notation, or one address.
 */
export type Network = string;
/**
 * An absolute path of letters, digits and . _ - + @ =, without . or .. segments.
 */
export type FilePath = string;
/**
 * An e-mail address of letters, digits and . _ + -, at a domain in ASCII.
 */
export type Email = string;
/**
 * A number of seconds, up to 100 years.
 */
export type Seconds = number;
/**
 * A decoded URL path that starts with /, of letters, digits and . _ ~ -, without empty, . or .. segments.
 */
export type UrlPath = string;
/**
 * A version of two or three numbers, in quotes.
 */
export type Version = string;

/**
 * A mailcow host and the reverse proxy in front of it, as mailcow-proxy reads it.
 */
export interface Description {
  hostname: HostName;
  /**
   * The domains mailcow handles mail for. The proxy answers on autodiscover., autoconfig. and mta-sts. of each. Without this key it answers on these three names of every domain.
   *
   * @maxItems 5000
   */
  mail_domains?: HostName[];
  /**
   * Further names of the web interface, ADDITIONAL_SERVER_NAMES in mailcow.conf. "webmail.*" is that name in each of the mail_domains; without mail_domains, in every domain.
   *
   * @maxItems 5000
   */
  additional_server_names: ServerName[];
  /**
   * Names that are in the certificate but are not served by the proxy, for example those that mail clients use: ADDITIONAL_SAN in mailcow.conf. Their ACME challenges pass. "imap.*" is that name in each mail domain; "*.example.org" needs mailcow's ACME_DNS_CHALLENGE.
   *
   * @maxItems 5000
   */
  certificate_names: CertificateName[];
  /**
   * Where mailcow is and what its own nginx listens on.
   */
  mailcow: {
    /**
     * An absolute path of letters, digits and . _ - + @ =, without . or .. segments.
     */
    directory: string;
    /**
     * The plain HTTP listener of mailcow's nginx.
     */
    http: {
      /**
       * An IPv4 or IPv6 address, or "" for every address.
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
       * An IPv4 or IPv6 address, or "" for every address.
       */
      bind: string;
      /**
       * A TCP port.
       */
      port: number;
    };
  };
  /**
   * The reverse proxy: what it listens on, how it reaches mailcow, and whom it believes.
   */
  proxy: {
    /**
     * The addresses the proxy listens on: 0.0.0.0 is every IPv4 address, :: every IPv6 address.
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
    /**
     * How the proxy reaches mailcow.
     */
    upstream: {
      /**
       * http: the proxy ends TLS and speaks plain HTTP to mailcow. https: it speaks TLS to mailcow as well, for a network between them that others can read.
       */
      scheme: "http" | "https";
      address?: Address;
      /**
       * off, or the absolute path of a CA file.
       */
      verify: string;
    };
    /**
     * The addresses or networks that mailcow sees the proxy come from, TRUSTED_PROXIES in mailcow.conf. Needed when the proxy is on another host; from the host itself mailcow sees a private address it trusts already.
     *
     * @maxItems 1000
     */
    addresses: Network[];
    /**
     * The addresses or networks of a load balancer or CDN in front of the proxy. What it says of the client's address is believed, from nobody else.
     *
     * @maxItems 1000
     */
    trusted_proxies: Network[];
    /**
     * PROXY protocol instead of headers for the client's address.
     */
    proxy_protocol: {
      /**
       * The trusted_proxies send the client's address by PROXY protocol (version 1 or 2) instead of X-Forwarded-For.
       */
      accept: boolean;
      /**
       * Speak PROXY protocol to mailcow, NGINX_USE_PROXY_PROTOCOL in mailcow.conf. HAProxy alone can.
       */
      send: boolean;
    };
  };
  /**
   * The certificate and the TLS settings of the proxy.
   */
  tls: {
    /**
     * Who keeps the certificate: mailcow (its acme-mailcow container, read from data/assets/ssl), certbot (read from /etc/letsencrypt/live), or files (the paths in certificate and key).
     */
    issuer: "mailcow" | "certbot" | "files";
    certificate?: FilePath;
    key?: FilePath;
    /**
     * With issuer mailcow: a certificate of its own for each mail domain, ENABLE_SSL_SNI in mailcow.conf. It needs mail_domains and the target systemd.
     */
    sni: boolean;
    email?: Email;
    /**
     * With issuer certbot: how its deploy hook brings a new certificate to mailcow, by copy or by hard link.
     */
    deploy: "copy" | "hardlink";
    /**
     * Mozilla's TLS profile: intermediate (TLS 1.2 and 1.3) or modern (TLS 1.3 alone).
     */
    profile: "intermediate" | "modern";
    /**
     * The groups for the key exchange, in place of the profile's.
     *
     * @minItems 1
     * @maxItems 8
     */
    groups?: ("X25519MLKEM768" | "X25519" | "prime256v1" | "secp384r1" | "secp521r1")[];
    /**
     * A Strict-Transport-Security header of the proxy's in place of mailcow's.
     */
    hsts?: {
      max_age: Seconds;
      /**
       * Whether that holds for all names below the one visited, too.
       */
      include_subdomains: boolean;
      /**
       * Consent to the list of such names that browsers ship with.
       */
      preload: boolean;
    };
  };
  /**
   * Paths that only some networks reach; everyone else gets 403.
   *
   * @maxItems 500
   *
   * Items: One path and the networks that reach it.
   */
  access: {
    path: UrlPath;
    /**
     * The networks or addresses that reach it.
     *
     * @minItems 1
     * @maxItems 1000
     */
    allow: Network[];
  }[];
  /**
   * The distribution the proxy runs on, whose server versions decide what is written. Without platform and versions the output works on all of them.
   */
  platform?: "debian-12" | "debian-13" | "ubuntu-22.04" | "ubuntu-24.04";
  /**
   * The versions of the servers, instead of a platform or for what differs from it.
   */
  versions: {
    nginx?: Version;
    apache?: Version;
    haproxy?: Version;
    openssl?: Version;
  };
  /**
   * What generate writes when no --target is given.
   *
   * @minItems 1
   * @maxItems 16
   */
  targets: ("nginx" | "apache" | "haproxy" | "mailcow-conf" | "systemd" | "certbot")[];
}
