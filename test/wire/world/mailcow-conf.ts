/** mailcow.conf, as mailcow reads it. */

/** What mailcow's nginx takes from mailcow.conf, with the defaults of a new installation. */
export interface MailcowConf {
  readonly hostname: string;
  readonly http: { readonly bind: string; readonly port: number };
  readonly https: { readonly bind: string; readonly port: number };
  readonly redirect: boolean;
  readonly additionalServerNames: readonly string[];
  /** In addition to the private networks. */
  readonly trustedProxies: readonly string[];
  readonly proxyProtocol: boolean;
}

export function parseMailcowConf(text: string): MailcowConf {
  const values = new Map(
    text.split("\n").flatMap((line) => {
      const match = /^([A-Z0-9_]+)=(.*)$/.exec(line);
      return match === null ? [] : [[match[1] ?? "", match[2] ?? ""] as const];
    }),
  );
  const list = (key: string) => (values.get(key) ?? "").split(",").filter((item) => item !== "");
  const hostname = values.get("MAILCOW_HOSTNAME");
  if (hostname === undefined) throw new Error("mailcow.conf without MAILCOW_HOSTNAME");
  return {
    hostname,
    http: { bind: published(values.get("HTTP_BIND")), port: Number(values.get("HTTP_PORT") ?? 80) },
    https: { bind: published(values.get("HTTPS_BIND")), port: Number(values.get("HTTPS_PORT") ?? 443) },
    // y is what generate_config.sh writes since 2025-09.
    redirect: (values.get("HTTP_REDIRECT") ?? "y") === "y",
    additionalServerNames: list("ADDITIONAL_SERVER_NAMES"),
    trustedProxies: list("TRUSTED_PROXIES"),
    proxyProtocol: values.get("NGINX_USE_PROXY_PROTOCOL") === "y",
  };
}

/** The address that Docker publishes on: of IPv6 only in brackets, and every one of both families where none is given. */
function published(bind = ""): string {
  if (bind === "") return "::";
  if (bind.includes(":") && !/^\[.*\]$/.test(bind)) throw new Error(`Docker takes no such address: ${bind}`);
  return bind.replace(/^\[(.*)\]$/, "$1");
}
