/** Rules for Caddy: nothing for everybody to look into, and those of our contract. */
import { type Directive, type Rule, all, believed, named, removed, shown } from "../rule.ts";

/** The words of a line of a Caddyfile; quotes and backquotes keep a word together, and a word that begins with # begins a comment. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const [, quoted, raw, plain] of line.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g)) {
    if (plain?.startsWith("#") === true) break;
    found.push(quoted?.replaceAll('\\"', '"') ?? raw ?? plain ?? "");
  }
  return found;
}

interface Open {
  readonly name: string;
  readonly value: string;
  readonly inside: Directive[];
}

/** A Caddyfile: a line whose last word is { opens a block, and one that is } closes it. Addresses may be on several lines, with commas. */
export function parse(text: string): Directive[] {
  const root: Open = { name: "", value: "", inside: [] };
  const open: Open[] = [root];
  let before = "";
  for (const line of text.split("\n")) {
    const [name, ...rest] = words(`${before}${line}`.trim());
    before = "";
    if (name === undefined) continue;
    const inner = open.at(-1);
    if (inner === undefined) throw new Error(`} without a block before ${line}`);
    if (name === "}" && rest.length === 0) {
      open.pop();
    } else if (open.length === 1 && line.trim().endsWith(",")) {
      before = `${[name, ...rest].join(" ")} `;
    } else if (rest.at(-1) === "{" || name === "{") {
      const block: Open = { name, value: rest.slice(0, -1).join(" "), inside: [] };
      inner.inside.push(block);
      open.push(block);
    } else {
      inner.inside.push({ name, value: rest.join(" "), inside: [] });
    }
  }
  if (open.length !== 1) throw new Error("a block is not closed");
  return root.inside;
}

const isSnippet = ({ name }: Directive) => /^\(.+\)$/.test(name);
const isSite = ({ name }: Directive) => /^https?:\/\//.test(name);
const breaking = (directives: readonly Directive[], broken: (value: string) => boolean) => directives.filter(({ value }) => broken(value)).map(shown);

/** The configuration with the contents of the snippets in the place of their imports. */
function imported(configuration: readonly Directive[]): Directive[] {
  const snippets = new Map(configuration.filter(isSnippet).map(({ name, inside }) => [name.slice(1, -1), inside]));
  const expand = (directives: readonly Directive[]): Directive[] =>
    directives.flatMap((one) => (one.name === "import" ? expand(snippets.get(one.value) ?? []) : [{ ...one, inside: expand(one.inside) }]));
  return expand(configuration.filter((one) => !isSnippet(one)));
}

const proxies = (configuration: readonly Directive[]) => named(imported(configuration), "reverse_proxy");
/** The first value of a setting in a block. */
const setting = ({ inside }: Directive, name: string) => inside.find((one) => one.name === name)?.value;

export const rules: readonly Rule[] = [
  {
    name: "own-snippets", why: "the names of snippets are shared by all files", source: "https://caddyserver.com/docs/caddyfile/concepts#snippets",
    bad: "(headers) {\n header_up -Via\n}\n",
    check: (configuration) => configuration.filter(isSnippet).filter(({ name }) => !/^\(mailcow-\S+\.\S+-(?:headers|https|http)\)$/.test(name)).map(shown),
  },
  {
    name: "imports-known", why: "what is not in the file comes from elsewhere",
    bad: "http://a.example {\n import other\n}\n",
    check: (configuration) => {
      const known = new Set(configuration.filter(isSnippet).map(({ name }) => name.slice(1, -1)));
      return breaking(named(configuration, "import"), (value) => !known.has(value));
    },
  },
  {
    name: "schemes-written", why: "without a scheme, Caddy orders a certificate and redirects by itself", source: "https://caddyserver.com/docs/caddyfile/concepts#addresses",
    bad: "mail.example.org {\n respond 421\n}\n",
    check: (configuration) => configuration.filter((one) => !isSnippet(one) && !isSite(one)).map(shown),
  },
  {
    name: "no-global-options", why: "a second block of options, or one that is not the first, keeps Caddy from loading",
    bad: "{\n admin off\n}\n",
    check: (configuration) => configuration.filter(({ name }) => name === "{").map(shown),
  },
  {
    name: "no-administration", why: "these show or change everything, or run programs",
    bad: "http://a.example {\n metrics\n templates\n file_server browse\n}\n",
    check: (configuration) => named(configuration, "metrics", "templates", "file_server", "php_fastcgi", "acme_server", "exec", "tracing", "push").map(shown),
  },
  {
    name: "certificate-not-for-all", why: "the block for all names would show our certificate for other sites",
    bad: "https:// {\n tls a.pem a.key\n respond 421\n}\n",
    check: (configuration) => configuration.filter(({ name, inside }) => /^https:\/\/(?::\d+)?$/.test(name) && inside.some((one) => one.name === "tls")).map(shown),
  },
  {
    name: "names-last-421", why: "what no name fits gets an empty answer with 200",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080\n}\n",
    check: (configuration) => configuration.filter(isSite).filter(({ inside }) => shown(inside.at(-1) ?? { name: "", value: "", inside: [] }) !== "respond 421").map(shown),
  },
  {
    name: "nothing-matches-nil", why: "Caddy 2.6 first compares a variable that does not exist, as <nil>",
    bad: "http://a.example {\n @a vars_regexp {mailcow_a_name} .\n @b vars_regexp x ^.+$\n @c vars_regexp {y} n\n}\n",
    check: (configuration) => all(configuration).flatMap((one) => (one.name === "vars_regexp" ? [one.value] : one.name.startsWith("@") && / ?vars_regexp /.test(` ${one.value}`) ? [one.value.replace(/^(?:not )?vars_regexp /, "")] : []))
      .filter((value) => value.replace(/^\S+ /, "").split("|").length > 0 && nil(value.replace(/^\S+ /, ""))),
  },
  {
    name: "forwarded-replaced", why: "with its own trusted_proxies, reverse_proxy adds to what the client sent",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080 {\n  trusted_proxies private_ranges\n  header_up +X-Forwarded-For a\n }\n}\n",
    check: (configuration) => [
      ...named(configuration, "trusted_proxies").map(shown),
      ...breaking(named(configuration, "header_up", "header_down"), (value) => value.startsWith("+")),
    ],
  },
  {
    name: "headers-complete", why: "a header that the proxy does not set comes from the client",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080 {\n  header_up Host x\n }\n}\n",
    check: (configuration) => proxies(configuration).flatMap((proxy) => {
      const handled = new Set(proxy.inside.filter(({ name }) => name === "header_up").map(({ value }) => value.toLowerCase().split(" ")[0] ?? ""));
      // Caddy itself replaces X-Forwarded-For.
      return [...believed.filter((header) => header !== "x-forwarded-for"), ...[...removed, "via"].map((header) => `-${header}`)].filter((one) => !handled.has(one)).map((one) => `${shown(proxy)}: no header_up ${one}`);
    }),
  },
  {
    name: "literal-headers", why: "a placeholder of the request is the client's word",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080 {\n  header_up Host {host}\n  header_up X-Forwarded-Port {http.request.port}\n }\n}\n",
    check: (configuration) => breaking(named(configuration, "header_up", "redir"), (value) =>
      /\{(?!mailcow_\w+_name\}|remote_host\}|http\.vars\.mailcow_\w+_client\}|http\.request\.(?:orig_)?uri\})/.test(value) || (/^X-|^Host/.test(value) && value.includes("uri}"))),
  },
  {
    name: "redirected-host", why: "a redirect may only lead to the host that was looked up",
    bad: "http://a.example {\n redir https://{host}{uri} 301\n}\n",
    check: (configuration) => breaking(named(configuration, "redir"), (value) => !/^(?:@origin )?https:\/\/\{mailcow_\w+_name\}(?::\d+)?\{http\.request\.(?:orig_)?uri\} 301$/.test(value)),
  },
  {
    name: "no-tunnel", why: "what goes through a tunnel no rule looks at",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080\n}\n",
    check: (configuration) => imported(configuration).filter(isSite).filter((site) => named([site], "reverse_proxy").length > 0).flatMap((site) => [
      ...(named([site], "@tunnel").some(({ value }) => value === "method CONNECT") && named([site], "respond").some(({ value }) => value === "@tunnel 400") ? [] : [`${shown(site)}: CONNECT`]),
      // Sites that are not mailcow's get WebSocket.
      ...named([site], "reverse_proxy").filter((proxy) => !proxy.inside.some((one) => shown(one) === "header_up -Upgrade") && !named([site], "request_header").some(({ value }) => value === "@protocol -Upgrade")).map(shown),
    ]),
  },
  {
    name: "streams-not-flushed", why: "with flush_interval -1, a reload of Caddy 2.6 cuts held requests, and built with a newer Go it panics", source: "https://github.com/caddyserver/caddy/issues/5663",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080 {\n  flush_interval -1\n }\n}\n",
    check: (configuration) => named(configuration, "flush_interval").map(shown),
  },
  {
    name: "time-limits", why: "read_timeout runs from when a kept connection went idle, and without a limit a silent mailcow holds a request for ever",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080 {\n  transport http {\n   read_timeout 60s\n  }\n }\n}\n",
    check: (configuration) => [
      ...named(configuration, "read_timeout", "write_timeout").map(shown),
      ...proxies(configuration).filter((proxy) => !["response_header_timeout", "dial_timeout", "keepalive"].every((name) => proxy.inside.some((one) => one.name === "transport" && /^\d+s$/.test(setting(one, name) ?? "")))).map(shown),
    ],
  },
  {
    name: "mailcow-compresses", why: "Caddy would ask for gzip where the client does not",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080 {\n  transport http {\n   keepalive 30s\n  }\n }\n}\n",
    check: (configuration) => proxies(configuration).filter(({ inside }) => !inside.some((one) => one.name === "transport" && setting(one, "compression") === "off")).map(shown),
  },
  {
    name: "weak-tls", why: "older versions and ciphers are broken", source: "https://ssl-config.mozilla.org/guidelines/6.0.json",
    bad: "https://a.example {\n tls a.pem a.key {\n  protocols tls1.0 tls1.3\n }\n}\n",
    check: (configuration) => configuration.filter(({ name }) => /^https:\/\/[^:/]/.test(name)).filter(({ inside }) => {
      const tls = inside.find(({ name }) => name === "tls");
      const protocols = tls === undefined ? "" : (setting(tls, "protocols") ?? "");
      const ciphers = tls === undefined ? "" : (setting(tls, "ciphers") ?? "");
      return !/^tls1\.[23] tls1\.3$/.test(protocols) || (protocols.startsWith("tls1.2") && ciphers === "") || ciphers.split(" ").some((cipher) => cipher !== "" && !/^TLS_ECDHE_(?:ECDSA|RSA)_WITH_(?:AES_\d+_GCM_SHA\d+|CHACHA20_POLY1305_SHA256)$/.test(cipher));
    }).map(shown),
  },
  {
    name: "upstream-verification", why: "whether mailcow's certificate is checked is decided",
    bad: "https://a.example {\n reverse_proxy 10.0.0.5:8443 {\n  transport http {\n   tls\n  }\n }\n}\n",
    check: (configuration) => named(configuration, "transport").filter(({ inside }) => {
      const has = (...names: readonly string[]) => inside.some(({ name }) => names.includes(name));
      return has("tls") && !(has("tls_server_name") && has("tls_insecure_skip_verify", "tls_trusted_ca_certs", "tls_trust_pool"));
    }).map(shown),
  },
  {
    name: "version-disclosure", why: "mailcow's Server header tells its nginx's version",
    bad: "http://a.example {\n reverse_proxy 127.0.0.1:8080\n}\n",
    check: (configuration) => proxies(configuration).filter(({ inside }) => !inside.some((one) => shown(one) === "header_down -Server")).map(shown),
  },
  {
    name: "no-environment", why: "{$NAME} and {env.NAME} are the server's environment, and {file.…} its files",
    bad: "http://a.example {\n respond {$SECRET} {env.SECRET} {file./etc/shadow}\n}\n",
    check: (configuration) => all(configuration).map(shown).filter((line) => /\{(?:\$|env\.|file\.|system\.)/.test(line)),
  },
];

/** Whether a pattern finds something in the text for what does not exist. */
function nil(pattern: string): boolean {
  const insensitive = pattern.startsWith("(?i)");
  return new RegExp(pattern.replace(/^\(\?i\)/, ""), insensitive ? "i" : "").test("<nil>");
}
