/** Rules for HAProxy: time-outs, nothing for everybody to look into, and those of our contract. */
import { type Directive, type Rule, believed, named, removed, shown } from "../rule.ts";

const sectionNames = /^(?:global|defaults|frontend|backend|listen|peers|resolvers|userlist)\b/;

/** HAProxy's configuration: sections begin at a keyword of theirs, and directives are in the last one. */
export function parse(text: string): Directive[] {
  const sections: { name: string; value: string; inside: Directive[] }[] = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, name = "", value = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    if (sectionNames.test(line)) sections.push({ name, value, inside: [] });
    else if (sections.at(-1)?.inside.push({ name, value, inside: [] }) === undefined) throw new Error(`${line} is in no section`);
  }
  return sections;
}

const sections = (configuration: readonly Directive[], ...names: readonly string[]) => configuration.filter(({ name }) => names.includes(name));
const breaking = (directives: readonly Directive[], broken: (value: string) => boolean) => directives.filter(({ value }) => broken(value)).map(shown);
const lacking = (configuration: readonly Directive[], section: string, ...wanted: readonly string[]) => sections(configuration, section).flatMap((one) => {
  const lines = new Set(one.inside.map(shown));
  return wanted.filter((line) => !lines.has(line)).map((line) => `${shown(one)} without ${line}`);
});
/** Sites that are not mailcow's get WebSocket. */
const webSocketOnly = "del-header Upgrade unless { req.fhdr_cnt(Upgrade) eq 1 } { req.fhdr(Upgrade) -m str -i websocket }";
/** Passwords of the proxy are for these paths only; elsewhere, they are mailcow's. */
const withoutPassword = "del-header Authorization if protected";
const timeouts = ["http-request", "http-keep-alive", "client", "connect", "server"];

export const rules: readonly Rule[] = [
  {
    name: "timeouts", why: "without them a silent peer holds a connection for ever", source: "https://docs.haproxy.org/2.4/configuration.html#4.2-timeout%20client",
    bad: "defaults a\n mode http\n timeout client 60s\n",
    check: (configuration) => sections(configuration, "defaults").flatMap((defaults) =>
      timeouts.filter((timeout) => !defaults.inside.some(({ name, value }) => name === "timeout" && /^\S+ \d+s$/.test(value) && value.startsWith(`${timeout} `))).map((timeout) => `${shown(defaults)} without timeout ${timeout}`)),
  },
  {
    name: "mode-http", why: "without it header rules and redirects are passed over",
    bad: "defaults a\n timeout client 60s\n",
    check: (configuration) => sections(configuration, "defaults").filter(({ inside }) => !inside.some((directive) => shown(directive) === "mode http")).map(shown),
  },
  {
    name: "defaults-of-its-own", why: "what the host's defaults say must not matter",
    bad: "frontend a\n bind :80\n",
    check: (configuration) => {
      const own = new Set(sections(configuration, "defaults").map(({ value }) => value));
      return sections(configuration, "frontend", "backend", "listen").filter(({ value }) => !own.has(value.split(" from ")[1] ?? "")).map(shown);
    },
  },
  {
    name: "no-stats", why: "the statistics page shows, and may change, everything", source: "https://docs.haproxy.org/2.4/configuration.html#4-stats%20enable",
    bad: "frontend a\n stats enable\n stats uri /stats\n",
    check: (configuration) => named(configuration, "stats").map(shown),
  },
  {
    name: "forwarded-added-to", why: "the option adds to what the client sent",
    bad: "backend a\n option forwardfor\n http-request add-header X-Forwarded-For %[src]\n",
    check: (configuration) => [
      ...breaking(named(configuration, "option"), (value) => /^(?:forwardfor|forwarded|originalto)\b/.test(value)),
      ...breaking(named(configuration, "http-request"), (value) => value.startsWith("add-header")),
    ],
  },
  {
    name: "headers-complete", why: "a header that the proxy does not set comes from the client",
    bad: "backend a\n http-request set-header Host x\n server mailcow 127.0.0.1:8080\n",
    check: (configuration) => sections(configuration, "backend").flatMap((backend) => {
      const handled = new Set(named(backend.inside, "http-request").map(({ value }) => value.toLowerCase().split(" ").slice(0, 2).join(" ")));
      return [...believed.map((header) => `set-header ${header}`), ...removed.map((header) => `del-header ${header}`)].filter((one) => !handled.has(one)).map((one) => `${shown(backend)}: no http-request ${one}`);
    }),
  },
  {
    name: "headers-without-condition", why: "a condition that a request does not meet leaves the client's header",
    bad: "backend a\n http-request set-header X-Forwarded-Proto https if { ssl_fc }\n",
    check: (configuration) => breaking(named(configuration, "http-request"), (value) => /^(?:set|del)-header\b/.test(value) && / (?:if|unless) /.test(value) && ![webSocketOnly, withoutPassword].includes(value)),
  },
  {
    name: "names-first", why: "nothing is answered or passed on before the name is known",
    bad: "frontend a\n http-request redirect code 301 location https://x\n http-request return status 421 unless described\n default_backend b\n",
    check: (configuration) => sections(configuration, "frontend").filter(({ inside }) => {
      const refusal = inside.findIndex((directive) => /^http-request return status 421 unless described(?: \|\| (?:acme_challenge )?certified)?$/.test(shown(directive)));
      const answer = inside.findIndex(({ name, value }) => name.endsWith("_backend") || (name === "http-request" && /^(?:redirect|return|allow)\b/.test(value)));
      return refusal === -1 || answer < refusal;
    }).map(shown),
  },
  {
    name: "no-tunnel", why: "what goes through a tunnel no rule looks at",
    bad: "frontend a\n http-request deny deny_status 400 unless { path -m beg / }\n default_backend b\nbackend b\n server mailcow 127.0.0.1:8080\n",
    check: (configuration) => [
      ...lacking(configuration, "frontend", "http-request deny deny_status 400 unless { path -m beg / } !METH_CONNECT"),
      ...sections(configuration, "frontend").filter(({ inside }) => !inside.some((directive) => /^http-request deny deny_status 400 if \{ req\.ver 2\.0 \} \{ req\.hdr\(Upgrade\) -m found \}(?: !other_site)?$/.test(shown(directive)))).map(shown),
      ...sections(configuration, "backend").filter(({ inside }) => !inside.some((directive) => ["del-header Upgrade", webSocketOnly].includes(directive.value))).map(shown),
    ],
  },
  {
    name: "codings-refused", why: "a body that mailcow sees end elsewhere is a request of somebody's choice",
    bad: "frontend a\n default_backend b\n",
    check: (configuration) => lacking(configuration, "frontend", "http-request deny deny_status 400 unless !coded or chunked !not_one_coding"),
  },
  {
    name: "one-location", why: "HAProxy fetches one and replaces all",
    bad: "backend a\n http-response replace-header Location ^http: https: if own_location\n",
    check: (configuration) => sections(configuration, "backend").filter(({ inside }) => {
      const one = inside.findIndex((directive) => shown(directive) === "http-response set-header Location %[res.fhdr(Location,1)] if { res.fhdr_cnt(Location) gt 1 }");
      const judged = inside.findIndex(({ value }) => value.includes("res.fhdr(Location)") || value.startsWith("replace-header Location"));
      return judged !== -1 && (one === -1 || judged < one);
    }).map(shown),
  },
  {
    name: "redirected-host", why: "a redirect may only lead to the host that was looked up",
    bad: "frontend a\n http-request redirect code 301 location https://%[req.hdr(Host)]%[pathq]\n",
    check: (configuration) => breaking(named(configuration, "http-request"), (value) => value.startsWith("redirect") && !/ location https:\/\/%\[var\(txn\.host\)\](?::\d+)?%\[pathq\] /.test(value)),
  },
  {
    name: "families-apart", why: "with v4v6 mailcow sees ::ffff:203.0.113.10, which no ban matches",
    bad: "frontend a\n bind :::443 v4v6\n",
    check: (configuration) => breaking(named(configuration, "bind"), (value) => value.includes("v4v6") || (value.startsWith("[") && !value.includes(" v6only"))),
  },
  {
    name: "ipv4-in-ipv6", why: "HAProxy finds IPv4 addresses in 6to4 and other IPv6 addresses, ipmask(32) from 3.0 on and a comparison in every version",
    source: "https://docs.haproxy.org/3.0/configuration.html#7.1.7",
    bad: "frontend a\n acl trusted src,ipmask(32) 192.0.2.0/24\n acl other src 198.51.100.7\n acl any src ::/0\n",
    check: (configuration) => [
      ...configuration.flatMap(({ inside }) => breaking(inside, (value) => value.includes("ipmask("))),
      ...breaking(named(configuration, "acl"), (value) => / src .*(?: \d+\.\d+\.\d+\.\d+(?:\/\d+)?| ::\/\d+)(?: |$)/.test(value)),
    ],
  },
  {
    name: "quotes-refused", why: "a list is not split inside quotes, so that a client's would hide what the proxy in front has added",
    bad: "backend a\n http-request set-src req.hdr_ip(X-Forwarded-For,-1) if trusted_proxy hop_1\n",
    check: (configuration) => configuration.filter(({ inside }) => {
      const rules = named(inside, "http-request").map(({ value }) => value);
      const read = rules.findIndex((value) => value.startsWith("set-src") && value.includes("X-Forwarded-For"));
      const refusal = rules.indexOf('deny deny_status 400 if trusted_proxy { req.fhdr(X-Forwarded-For) -m sub \\" }');
      return read !== -1 && (refusal === -1 || read < refusal);
    }).map(shown),
  },
  {
    name: "weak-tls", why: "older versions and ciphers are broken", source: "https://ssl-config.mozilla.org/guidelines/6.0.json",
    bad: "frontend a\n bind :443 ssl crt x.pem ciphers HIGH\n",
    check: (configuration) => breaking(named(configuration, "bind", "server"), (value) => / ssl /.test(`${value} `) &&
      (!/ ssl-min-ver TLSv1\.[23]\b/.test(value) || (value.includes(" ssl-min-ver TLSv1.2") && !value.includes(" ciphers ")) || (/ ciphers (\S+)/.exec(value)?.[1] ?? "").split(":").some((cipher) => cipher !== "" && !/^ECDHE-(?:ECDSA|RSA)-(?:AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/.test(cipher)))),
  },
  {
    name: "upstream-verification", why: "whether mailcow's certificate is checked is decided, not left to the host's default",
    bad: "backend a\n server mailcow 10.0.0.5:8443 ssl ssl-min-ver TLSv1.2\n",
    check: (configuration) => breaking(named(configuration, "server"), (value) => / ssl\b/.test(value) && !/ verify (?:none|required)\b/.test(value)),
  },
  {
    name: "version-disclosure", why: "mailcow's Server header tells its nginx's version",
    bad: "backend a\n server mailcow 127.0.0.1:8080\n",
    check: (configuration) => sections(configuration, "backend").filter(({ inside }) => !inside.some((directive) => shown(directive) === "http-response del-header Server")).map(shown),
  },
  {
    name: "header-once", why: "an added header comes beside mailcow's",
    bad: "backend a\n http-response add-header Strict-Transport-Security max-age=1\n",
    check: (configuration) => breaking(named(configuration, "http-response", "http-after-response"), (value) => value.startsWith("add-header")),
  },
];
