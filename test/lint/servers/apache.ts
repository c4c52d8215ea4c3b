/** Rules for Apache: no open proxy, no header of the client's that mailcow believes, and those of our contract. */
import { type Directive, type Rule, all, believed, named, removed, shown } from "../rule.ts";

/** Apache's configuration: lines, sections in angle brackets, and backslashes at the end of a line that goes on. */
export function parse(text: string): Directive[] {
  const root: { name: string; value: string; inside: Directive[] } = { name: "", value: "", inside: [] };
  const open = [root];
  for (const line of text.replaceAll("\\\n", " ").split("\n").map((one) => one.trim()).filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, closing, name = "", value = ""] = /^(<\/)?<?(\w+)\s*(.*?)>?$/.exec(line) ?? [];
    if (closing !== undefined) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another section`);
      continue;
    }
    const directive = { name, value, inside: [] };
    open.at(-1)?.inside.push(directive);
    if (line.startsWith("<")) open.push(directive);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return root.inside;
}

const hosts = (configuration: readonly Directive[]) => named(configuration, "VirtualHost");
const breaking = (directives: readonly Directive[], broken: (value: string) => boolean) => directives.filter(({ value }) => broken(value)).map(shown);
const wrap = (inside: string) => `<VirtualHost *:443>\n${inside}\n</VirtualHost>\n`;
const isTls = ({ inside }: Directive) => inside.some(({ name }) => name === "SSLCertificateFile");

/** Every virtual host says this itself, so that nothing depends on the rest of the server. */
function said(name: string, value: string, why: string): Rule {
  return {
    name: `${name.toLowerCase()}-${value.toLowerCase()}`, why,
    bad: wrap(`${name} Something`),
    check: (configuration) => hosts(configuration).filter(({ inside }) => !inside.some((directive) => shown(directive) === `${name} ${value}`)).map((host) => `${shown(host)} without ${name} ${value}`),
  };
}

export const rules: readonly Rule[] = [
  said("ProxyRequests", "Off", "a forward proxy is everybody's proxy: https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#access"),
  said("ProxyAddHeaders", "Off", "Apache's own X-Forwarded-For adds to the client's"),
  said("ProxyPreserveHost", "On", "mailcow builds its links from Host"),
  said("ServerSignature", "Off", "error pages would tell the version"),
  said("Timeout", "60", "Debian's 300 is how long a client that stops reading takes a worker"),
  said("AllowEncodedSlashes", "NoDecode", "%2F is mailcow's to judge"),
  {
    name: "server-tokens", why: "the Server header would tell the version",
    bad: wrap("ServerSignature Off"),
    check: (configuration) => (configuration.some((directive) => shown(directive) === "ServerTokens Prod") ? [] : ["no ServerTokens Prod"]),
  },
  {
    name: "open-proxy", why: "who may use a proxy is decided by where it leads: to mailcow alone", source: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#access",
    bad: wrap('ProxyRequests On\n<Proxy "*">\nRequire all granted\n</Proxy>'),
    check: (configuration) => [
      ...breaking(named(configuration, "ProxyRequests"), (value) => value !== "Off"),
      ...breaking(named(configuration, "Proxy"), (value) => !/^"https?:\/\/(?:[\w.-]+|\[[\da-f:]+\]):\d+\/[\w-]*"$/i.test(value)),
      ...named(configuration, "ProxyPass", "ProxyPassMatch", "ProxyRemote").map(shown),
    ],
  },
  {
    name: "proxied-host", why: "what a client sends must not choose the host that is asked",
    bad: wrap("RewriteRule ^/(.*) http://%{HTTP_HOST}/$1 [P]"),
    check: (configuration) => breaking(named(configuration, "RewriteRule"), (value) => /\[[^\]]*\bP\b/.test(value) && !/ https?:\/\/(?:[\w.-]+|\[[\da-f:]+\]):\d+\/%1 /i.test(value)),
  },
  {
    name: "redirected-host", why: "a redirect may only lead to the host that was looked up, and a decoded path splits the response",
    bad: wrap("RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]"),
    check: (configuration) => breaking(named(configuration, "RewriteRule"), (value) => /\[[^\]]*R=30/.test(value) && !/ https:\/\/%\{SERVER_NAME\}(?::\d+)?\/%1 /.test(value)),
  },
  {
    name: "headers-set", why: "a header that is added to begins with what the client sent",
    bad: wrap('RequestHeader append X-Forwarded-For "%{CLIENT_IP}e"'),
    check: (configuration) => breaking(named(configuration, "RequestHeader"), (value) => /^(?:add|append|merge|setifempty)\b/.test(value)),
  },
  {
    name: "headers-complete", why: "a header that the proxy does not set comes from the client",
    bad: wrap("RequestHeader set Host x"),
    check: (configuration) => hosts(configuration).flatMap((host) => {
      const handled = new Set(named(host.inside, "RequestHeader").map(({ value }) => value.toLowerCase().split(" ").slice(0, 2).join(" ")));
      return [...believed.map((header) => `set ${header}`), ...removed.map((header) => `unset ${header}`)].filter((one) => !handled.has(one)).map((one) => `${shown(host)}: no RequestHeader ${one}`);
    }),
  },
  {
    name: "tls-on", why: "without SSLEngine a port 443 speaks plain HTTP",
    bad: wrap("SSLCertificateFile /etc/ssl/cert.pem"),
    check: (configuration) => hosts(configuration).filter((host) => isTls(host) && !host.inside.some((directive) => shown(directive) === "SSLEngine on")).map(shown),
  },
  {
    name: "handshake-limit", why: "without one unfinished handshakes take all workers; in a virtual host it holds only where that is the port's first", source: "https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html#requestreadtimeout",
    bad: wrap("SSLCertificateFile /etc/ssl/cert.pem\nRequestReadTimeout handshake=5"),
    check: (configuration) => (configuration.some(({ name, value }) => name === "RequestReadTimeout" && /\bhandshake=[1-9]\b/.test(value)) || !hosts(configuration).some(isTls) ? [] : ["no RequestReadTimeout handshake= for the whole server"]),
  },
  {
    name: "weak-tls", why: "older versions and ciphers are broken", source: "https://ssl-config.mozilla.org/guidelines/6.0.json",
    bad: wrap("SSLCertificateFile /etc/ssl/cert.pem\nSSLProtocol all -SSLv3\nSSLCipherSuite HIGH:!aNULL"),
    check: (configuration) => [
      ...breaking(named(configuration, "SSLProtocol", "SSLProxyProtocol"), (value) => !/^-all(?: \+TLSv1\.[23])+$/.test(value)),
      ...breaking(named(configuration, "SSLCipherSuite", "SSLProxyCipherSuite").filter(({ value }) => !value.startsWith("TLSv1.3 ")), (value) => value.split(":").some((cipher) => !/^ECDHE-(?:ECDSA|RSA)-(?:AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/.test(cipher))),
      ...hosts(configuration).filter((host) => isTls(host) && !host.inside.some(({ name }) => name === "SSLProtocol")).map(shown),
    ],
  },
  {
    name: "upstream-tls", why: "the library's own ciphers have some without forward secrecy",
    bad: wrap("SSLProxyEngine On\nSSLProxyProtocol -all +TLSv1.2 +TLSv1.3"),
    check: (configuration) => hosts(configuration).filter(({ inside }) => {
      const protocols = named(inside, "SSLProxyProtocol").map(({ value }) => value).join(" ");
      const ciphers = named(inside, "SSLProxyCipherSuite").filter(({ value }) => !value.startsWith("TLSv1.3 "));
      return named(inside, "SSLProxyEngine").length > 0 && (protocols === "" || (protocols.includes("TLSv1.2") && ciphers.length === 0));
    }).map(shown),
  },
  {
    name: "codings-refused", why: "a body that another server sees end elsewhere is a request of somebody's choice",
    bad: wrap("RewriteEngine On"),
    check: (configuration) => hosts(configuration).filter(({ inside }) => {
      const lines = inside.map(shown);
      const first = lines.indexOf("RewriteCond %{HTTP:Transfer-Encoding} . [NV]");
      return first === -1 || lines[first + 1] !== 'RewriteCond "%{SERVER_PROTOCOL} %{HTTP:Transfer-Encoding}" "!^HTTP/(?:1\\.1|2\\.0) chunked$" [NC,NV]' || lines[first + 2] !== "RewriteRule ^ - [R=400,L]";
    }).map(shown),
  },
  {
    name: "no-tunnel", why: "what goes through a tunnel no rule looks at",
    bad: wrap("RewriteEngine On"),
    check: (configuration) => hosts(configuration).filter(({ inside }) => {
      const lines = inside.map(shown);
      return lines[lines.indexOf("RewriteCond %{REQUEST_METHOD} =CONNECT") + 1] !== "RewriteRule ^ - [R=400,L]" || all(inside).some(({ value }) => /\bupgrade=(?!websocket$)/.test(value));
    }).map(shown),
  },
  {
    name: "header-always", why: "without always a header is missing on Apache's own answers, and comes beside mailcow's on others",
    bad: wrap("Header set Strict-Transport-Security max-age=1"),
    check: (configuration) => breaking(named(configuration, "Header"), (value) => /^(?:set|add|append|merge) /.test(value)),
  },
  {
    name: "require-granted", why: "what everybody may reach is mailcow's to decide, but files of this host are not",
    bad: wrap("<Directory />\nRequire all granted\n</Directory>"),
    check: (configuration) => all(configuration)
      .filter(({ name, value, inside }) => inside.some((directive) => shown(directive) === "Require all granted") && shown({ name, value, inside }) !== 'Location "/server-status"')
      // Tokens of ACME are public. Nothing else may come with them: no links, and no settings from the folder.
      .filter(({ value, inside }) => !(value.endsWith('/.well-known/acme-challenge"') && ["Options None", "AllowOverride None"].every((closed) => inside.some((directive) => shown(directive) === closed))))
      .map(shown),
  },
  {
    name: "remoteip-names", why: "RemoteIP looks up what is no address, and takes 203.77 for one", source: "https://httpd.apache.org/docs/2.4/mod/mod_headers.html#early",
    bad: wrap("RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 192.0.2.7"),
    check: (configuration) => hosts(configuration)
      .filter(({ inside }) => named(inside, "RemoteIPHeader").length > 0 && !named(inside, "RequestHeader").some(({ value }) => /^edit X-Forwarded-For .*_address}.* early$/.test(value)))
      .map(shown),
  },
  {
    name: "remoteip-everybody", why: "whoever is believed chooses the client's address",
    bad: wrap("RemoteIPHeader X-Forwarded-For\nRemoteIPTrustedProxy 0.0.0.0/0"),
    check: (configuration) => breaking(named(configuration, "RemoteIPTrustedProxy", "RemoteIPInternalProxy"), (value) => /\/[0-6]$/.test(value)),
  },
];
