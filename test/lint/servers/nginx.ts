/** Rules for nginx: those of gixy and gixy-ng as far as they concern a reverse proxy, and those of our contract. */
import { type NginxParseTreeNode, parse as parseNginx } from "nginx-conf/dist/src/parser.js";
import { type Directive, type Rule, all, believed, named, removed, shown } from "../rule.ts";

const gixy = (plugin: string) => `https://github.com/yandex/gixy/blob/master/docs/en/plugins/${plugin}.md`;
const gixyNg = "https://github.com/dvershinin/gixy";

export function parse(text: string): Directive[] {
  let root: NginxParseTreeNode | undefined;
  parseNginx(text, (error, tree) => {
    if (error !== null) throw error;
    root = tree;
  });
  const directive = ({ name, value, children }: NginxParseTreeNode): Directive => ({ name, value, inside: (children ?? []).map(directive) });
  return directive(root ?? failed()).inside.slice();
}

function failed(): never {
  throw new Error("nginx-conf gave no tree");
}

const servers = (configuration: readonly Directive[]) => named(configuration, "server").filter(({ inside }) => inside.length > 0);
const proxying = (configuration: readonly Directive[]) => servers(configuration).filter(({ inside }) => named(inside, "proxy_pass").length > 0);
const breaking = (directives: readonly Directive[], broken: (value: string) => boolean) => directives.filter(({ value }) => broken(value)).map(shown);
const wrap = (inside: string) => `server { server_tokens off; ${inside} }`;

/** A map that makes 0 or 1, or one of a few words, of what it looks at: nothing of the client's goes on. */
const isFlag = ({ name, inside }: Directive) => name === "map" && inside.length > 0 && inside.every(({ value }) => /^(?:[01]|https?|refuse)$/.test(value));

export const rules: readonly Rule[] = [
  {
    name: "host-spoofing", why: "$http_host is whatever the client wrote", source: gixy("hostspoofing"),
    bad: wrap("proxy_set_header Host $http_host;"),
    // In an if it decides about a refusal and nothing else: see if-is-evil.
    check: (configuration) => breaking(all(configuration).filter(({ name }) => name !== "if"), (value) => value.includes("$http_host")),
  },
  {
    name: "host-port", why: "$host ends at the colon: mail.example.org:80@evil.example.net would be mail.example.org",
    bad: wrap("location / { proxy_pass http://mailcow; }"),
    check: (configuration) => all(configuration)
      .filter(({ inside }) => inside.some(({ name }) => name === "proxy_pass") && !inside.some((directive) => shown(directive) === 'if ($http_host ~ ":\\d*\\D")'))
      .map(({ name, value }) => `${name} ${value} proxies whatever stands behind the name`),
  },
  {
    name: "commands-ignored", why: "X-Accel-Redirect from mailcow would lead past an access rule, and its like would slow answers down", source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers",
    bad: wrap("proxy_ignore_headers X-Accel-Redirect; location / { proxy_pass http://mailcow; }"),
    check: (configuration) => proxying(configuration).flatMap(({ inside }) => {
      const ignored = new Set(named(inside, "proxy_ignore_headers").flatMap(({ value }) => value.split(" ")));
      return ["Redirect", "Expires", "Limit-Rate", "Buffering", "Charset"].map((command) => `X-Accel-${command}`).filter((header) => !ignored.has(header)).map((header) => `${header} is obeyed`);
    }),
  },
  {
    name: "no-tunnel", why: "a 101 would leave the client with a connection to mailcow that no rule looks at",
    bad: `map $http_upgrade $connection { default upgrade; } ${wrap('proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection; location / { proxy_pass http://mailcow; }')}`,
    check: (configuration) => {
      const made = (from: string, lines: string) => named(configuration, "map").filter(({ value, inside }) => value.startsWith(`${from} $`) && inside.map(shown).join() === lines).map(({ value }) => `$${value.split(" $").at(-1)}`);
      const protocol = '"$server_protocol $http_upgrade"';
      const closing = new Set([...made("$http_upgrade", 'default close,"" ""'), ...made(protocol, 'default close,"~ $" "","~*^HTTP/1\\.1 websocket$" upgrade')]);
      // Sites that are not mailcow's get WebSocket.
      const webSocket = new Set(made(protocol, 'default "","~*^HTTP/1\\.1 websocket$" websocket'));
      const last = (value: string) => value.split(" ").at(-1) ?? "";
      return [
        ...breaking(named(configuration, "proxy_set_header"), (value) => (value.startsWith("Upgrade ") && !webSocket.has(last(value))) || (value.startsWith("Connection ") && !closing.has(last(value)))),
        ...proxying(configuration).filter(({ inside }) => !named(inside, "proxy_set_header").some(({ value }) => value.startsWith("Connection "))).map(() => "nothing sets Connection"),
      ];
    },
  },
  {
    name: "forwarded-added-to", why: "mailcow would believe what the client put into the list",
    bad: wrap("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"),
    check: (configuration) => breaking(all(configuration).filter((directive) => !isFlag(directive)), (value) => value.includes("$proxy_add_x_forwarded_for") || value.includes("$http_x_")),
  },
  {
    name: "headers-complete", why: "a header that the proxy does not set comes from the client",
    bad: wrap("proxy_set_header Host $host; location / { proxy_pass http://mailcow; }"),
    check: (configuration) => proxying(configuration).flatMap(({ inside }) => {
      const set = new Set(named(inside, "proxy_set_header").map(({ value }) => value.split(" ")[0]?.toLowerCase()));
      return [...believed, ...removed].filter((header) => !set.has(header)).map((header) => `nothing sets ${header}`);
    }),
  },
  {
    name: "header-redefinition", why: "a block with a header of its own inherits none of those around it", source: gixy("addheaderredefinition"),
    bad: wrap("add_header A b always; location / { add_header C d always; }"),
    check: (configuration) => ["add_header", "proxy_set_header"].flatMap((name) => all(configuration).flatMap(({ inside }) => {
      if (!inside.some((directive) => directive.name === name)) return [];
      return named(inside.flatMap((directive) => directive.inside), name).map(shown);
    })),
  },
  {
    name: "header-always", why: "without always a header is missing on errors", source: "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
    bad: wrap("add_header Strict-Transport-Security max-age=1;"),
    check: (configuration) => breaking(named(configuration, "add_header"), (value) => !value.endsWith(" always")),
  },
  {
    name: "response-splitting", why: "$uri is decoded, line breaks included", source: gixy("httpsplitting"),
    bad: wrap("return 301 https://$host$uri;"),
    check: (configuration) => breaking(named(configuration, "return", "rewrite", "add_header", "proxy_set_header"), (value) => /\$(?:uri|document_uri|\d)\b/.test(value)),
  },
  {
    name: "redirect-to-client", why: "a redirect may only lead to the host that was looked up", source: gixy("hostspoofing"),
    bad: wrap("return 301 https://$arg_to$request_uri;"),
    check: (configuration) => breaking(named(configuration, "return"), (value) => /\d{3} http/.test(value) && !/https:\/\/\$host[:$/]/.test(value)),
  },
  {
    name: "alias-traversal", why: "a location without its slash lets .. leave the alias", source: gixy("aliastraversal"),
    bad: wrap("location /files { alias /srv/files/; }"),
    check: (configuration) => all(configuration).filter(({ name, value, inside }) => name === "location" && !value.endsWith("/") && inside.some((directive) => directive.name === "alias")).map(shown),
  },
  {
    name: "proxy-pass-normalized", why: "with a path nginx decodes the request's: %2F becomes a slash", source: gixyNg,
    bad: wrap("location / { proxy_pass http://127.0.0.1:8080/; }"),
    check: (configuration) => breaking(named(configuration, "proxy_pass"), (value) => /^https?:\/\/[^/]+\//.test(value)),
  },
  {
    name: "proxy-pass-variable", why: "a variable takes the upstream's kept connections away, or lets the client choose it", source: gixy("ssrf"),
    bad: wrap("location / { proxy_pass http://$host; }"),
    // Before 1.27.3, only a variable follows a name to a new address; the server sets it itself, to that name.
    check: (configuration) => servers(configuration).flatMap(({ inside }) => {
      const fixed = new Set(named(inside, "set").flatMap(({ value }) => (/^\$\w+ [a-z0-9.-]+$/.test(value) ? [value.split(" ")[0]] : [])));
      return breaking(named(inside, "proxy_pass"), (value) => value.includes("$") && !fixed.has(/^https?:\/\/(\$\w+):\d+$/.exec(value)?.[1]));
    }),
  },
  {
    name: "answers-not-stored", why: "clients that do not read could fill the disk, 1 GB an answer", source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_max_temp_file_size",
    bad: wrap("location / { proxy_pass http://mailcow; }"),
    check: (configuration) => proxying(configuration).filter(({ inside }) => !inside.some((directive) => shown(directive) === "proxy_max_temp_file_size 0")).map(() => "a server without proxy_max_temp_file_size 0"),
  },
  {
    name: "resets-bounded", why: "outside a location it counts for HTTP/2, where nginx' own limit guards against rapid resets",
    source: "https://www.f5.com/company/blog/http-2-rapid-reset-attack-impacting-f5-nginx-products",
    bad: wrap("keepalive_requests 10000; location / { proxy_pass http://mailcow; }"),
    check: (configuration) => [...configuration, ...servers(configuration).flatMap(({ inside }) => inside)].filter(({ name }) => name === "keepalive_requests").map(shown),
  },
  {
    name: "version-disclosure", why: "attackers look for versions", source: gixyNg,
    bad: "server { listen 80; return 421; }",
    check: (configuration) => servers(configuration).filter(({ inside }) => !inside.some((directive) => shown(directive) === "server_tokens off")).map(() => "a server without server_tokens off"),
  },
  {
    name: "weak-tls", why: "older versions and ciphers are broken", source: "https://ssl-config.mozilla.org/guidelines/6.0.json",
    bad: wrap("listen 443 ssl; ssl_protocols TLSv1 TLSv1.2; ssl_ciphers HIGH:!aNULL;"),
    check: (configuration) => [
      ...breaking(named(configuration, "ssl_protocols", "proxy_ssl_protocols"), (value) => /SSLv|TLSv1(?!\.[23])/.test(value)),
      ...breaking(named(configuration, "ssl_ciphers", "proxy_ssl_ciphers"), (value) => value.split(":").some((cipher) => !/^ECDHE-(?:ECDSA|RSA)-(?:AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/.test(cipher))),
    ],
  },
  {
    name: "upstream-tls", why: "the library's own ciphers have some without forward secrecy",
    bad: wrap("proxy_ssl_protocols TLSv1.2 TLSv1.3; location / { proxy_pass https://mailcow; }"),
    check: (configuration) => servers(configuration).filter(({ inside }) => {
      const protocols = named(inside, "proxy_ssl_protocols").map(({ value }) => value).join(" ");
      return named(inside, "proxy_pass").some(({ value }) => value.startsWith("https:")) && (protocols === "" || (protocols.includes("TLSv1.2") && named(inside, "proxy_ssl_ciphers").length === 0));
    }).map(() => "TLS to mailcow with the library's ciphers"),
  },
  {
    name: "tls-settings-of-its-own", why: "a TLS server without ssl_protocols has the distribution's",
    bad: wrap("listen 443 ssl http2;"),
    check: (configuration) => servers(configuration)
      .filter(({ inside }) => inside.some(({ name, value }) => name === "listen" && / ssl\b/.test(value)) && !inside.some(({ name }) => name === "ssl_protocols"))
      .map(() => "a TLS server without ssl_protocols"),
  },
  {
    name: "regex-anchors", why: "without anchors a name in the middle of another one matches", source: gixyNg,
    bad: wrap("server_name ~autodiscover;"),
    check: (configuration) => breaking(named(configuration, "server_name"), (value) => value.split(" ").some((name) => name.startsWith("~") && !/^~\^.*\$$/.test(name))),
  },
  {
    name: "if-is-evil", why: "in an if, only return and rewrite do what they say", source: gixyNg,
    bad: wrap("if ($arg_a) { proxy_pass http://mailcow; }"),
    check: (configuration) => named(configuration, "if").flatMap(({ inside }) => inside.filter(({ name }) => name !== "return").map(shown)),
  },
  {
    name: "default-server", why: "the default role of a port belongs to whoever has it", source: gixyNg,
    bad: wrap("listen 80 default_server;"),
    check: (configuration) => breaking(named(configuration, "listen"), (value) => value.includes("default_server")),
  },
  {
    name: "realip-everybody", why: "whoever is believed chooses the client's address", source: "https://nginx.org/en/docs/http/ngx_http_realip_module.html",
    bad: wrap("set_real_ip_from 0.0.0.0/0; real_ip_header X-Forwarded-For;"),
    check: (configuration) => breaking(named(configuration, "set_real_ip_from"), (value) => /\/[0-6]$/.test(value)),
  },
  {
    name: "realip-unreadable", why: "where realip cannot read the list, the trusted proxy would be taken for the client",
    bad: wrap("set_real_ip_from 192.0.2.7; real_ip_header X-Forwarded-For;"),
    check: (configuration) => servers(configuration)
      .filter(({ inside }) => inside.some((directive) => shown(directive) === "real_ip_header X-Forwarded-For") && !inside.some(({ name, value, inside: block }) => name === "if" && value.startsWith("($unreadable_") && block.some((one) => shown(one) === "return 400")))
      .map(() => "a server that takes all of X-Forwarded-For"),
  },
  {
    name: "resolver", why: "a name server that answers wrongly sends mail elsewhere", source: gixyNg,
    bad: wrap("resolver 192.0.2.53;"),
    // One is needed to follow mailcow's name, and stands beside it.
    check: (configuration) => [configuration, ...all(configuration).map(({ inside }) => inside)].flatMap((block) =>
      block.some(({ name, value }) => (name === "set" && value.startsWith("$mailcow_upstream ")) || (name === "server" && value.endsWith(" resolve"))) ? [] : block.filter(({ name }) => name === "resolver").map(shown)),
  },
];
