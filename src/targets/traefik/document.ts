/** The dynamic configuration of a site. */
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import type { Site } from "../../core/site/site.ts";
import { portSuffix } from "../shared/spelling.ts";
import { accessChoices, accessMiddlewares, namesOfRules, nobody, passwordChoices, refusal } from "./access.ts";
import { type Choice, combined, routers } from "./choices.ts";
import { forwarders, httpEntryPoints, httpsEntryPoints } from "./entry-points.ts";
import { acmeChallenge, all, clientIn, everything, headerRegexp, heldPaths, noTunnel, not } from "./rules.ts";
import { answersChallenges, orders } from "./own-certificates.ts";
import { type Scope, keyOf, scopeOf, scopesOf } from "./scopes.ts";
import { serversTransports, serviceNames, services } from "./services.ts";
import { clientTls } from "./tls.ts";

export function dynamicConfiguration(site: Site): YamlMapping {
  const challenges = !answersChallenges(site);
  return {
    http: {
      routers: { ...(site.proxy.tlsBefore ? frontRouters(site) : { ...httpsRouters(site), ...httpRouters(site) }), ...unknownRouters(site) },
      middlewares: middlewares(site),
      services: services(site, challenges),
      serversTransports: serversTransports(site, challenges),
    },
    ...(site.proxy.tlsBefore ? {} : { tls: clientTls(site) }),
  };
}

const namesIn = (points: readonly { readonly name: string }[]) => points.map(({ name }) => name);

function servedScopes(site: Site): Scope[] {
  return scopesOf(site, site.names, "names", namesOfRules(site));
}

/** What is decided about requests of a client over https. */
function servedChoices(site: Site, scope: Scope): Choice[] {
  const trusted = forwarders(site);
  return trusted.length === 0 ? decisions(site, scope, false) : [...told(site, decisions(site, scope, true)), ...decisions(site, scope, false)];
}

/** @param forwarded whether the client is the one that trusted proxies tell */
function decisions(site: Site, { key, name }: Scope, forwarded: boolean): Choice[] {
  const { held } = serviceNames(site);
  const headers = [`${keyOf(site)}-https`, ...(name === undefined ? [] : [`${key}-host-https`])];
  return combined([[{ middlewares: headers }], accessChoices(site, name, forwarded), passwordChoices(site), [{ rule: heldPaths, service: held }, {}]]);
}

/** Whether X-Forwarded-For has an entry. */
const tellsClient = headerRegexp("X-Forwarded-For", "[^ ,]");

/** The choices for requests of trusted proxies that tell the client. X-Real-IP may be that client's own. */
function told(site: Site, choices: readonly Choice[]): Choice[] {
  return combined([[{ rule: all(clientIn(forwarders(site)), tellsClient), middlewares: [`${keyOf(site)}-forwarded`] }], choices]);
}

/** Both, for services without decisions. */
function toldOrNot(site: Site, choices: readonly Choice[]): Choice[] {
  return forwarders(site).length === 0 ? [...choices] : [...told(site, choices), ...choices];
}

/** TLS options hold for a name, and for names in every domain those of all of Traefik. */
function tlsOf(site: Site, { name }: Scope): YamlMapping {
  return name === undefined ? {} : { options: keyOf(site), ...resolverFor(site, [name]) };
}

/** What has Traefik order a certificate for each name, if that is left to it. */
function resolverFor(site: Site, names: readonly string[]): YamlMapping {
  return orders(site) && names.length > 0 ? { certResolver: site.tls.certificateResolver, domains: names.map((name) => ({ main: name })) } : {};
}

function httpsRouters(site: Site): YamlMapping {
  const { main } = serviceNames(site);
  const entryPoints = namesIn(httpsEntryPoints(site));
  return together(
    ...servedScopes(site).map((scope) => routers(`${scope.key}-https`, servedChoices(site, scope), { rule: all(scope.rule, noTunnel), priority: scope.priority, entryPoints, service: main, tls: tlsOf(site, scope) })),
    ...site.otherSites.map(scopeOf).map((scope) => routers(`${scope.key}-https`, toldOrNot(site, ownSite(site, scope)), { rule: all(scope.rule, noTunnel), priority: scope.priority, entryPoints, service: main, tls: tlsOf(site, scope) })),
  );
}

/** WebSocket and no other change of protocol, for sites that are not mailcow's. */
function ownSite(site: Site, { key }: Scope): Choice[] {
  const { held: service } = serviceNames(site);
  const headers = (kind: string) => [`${keyOf(site)}-${kind}`, `${key}-host-https`];
  return [{ rule: headerRegexp("Upgrade", "(?i)^websocket$"), service, middlewares: headers("web-socket") }, { service, middlewares: headers("other-sites") }];
}

function httpRouters(site: Site): YamlMapping {
  const { acme, main } = serviceNames(site);
  const entryPoints = namesIn(httpEntryPoints(site));
  const own = answersChallenges(site);
  const answered = (scope: Scope): Choice[] => own ? [{ service: ownAnswers }] : toldOrNot(site, [{ service: acme, middlewares: challengeHeaders(site, scope) }]);
  return together(
    ...[...servedScopes(site), ...site.otherSites.map(scopeOf)].map((scope) => routers(`${scope.key}-http`, [
      ...answered(scope).map((choice) => ({ ...choice, rule: all(acmeChallenge, ...(choice.rule === undefined ? [] : [choice.rule])) })),
      redirected(site, scope),
    ], { rule: all(scope.rule, noTunnel), priority: scope.priority, entryPoints, service: main })),
    ...scopesOf(site, site.challengeNames, "certificate-names").map((scope) => routers(`${scope.key}-http`, answered(scope), { rule: all(scope.rule, acmeChallenge, noTunnel), priority: scope.priority, entryPoints, service: acme })),
  );
}

/** Traefik passes on what a redirect leaves as it is, such as https://NAME/PATH in a request line on plain http. No rule would see it. */
function redirected(site: Site, { key }: Scope): Choice {
  return { service: nothingBehind, middlewares: [`${key}-redirect`, nobody(site, 421)] };
}

/** Traefik's own service for routers whose middlewares answer. */
const nothingBehind = "noop@internal";

/** Traefik's own answers to ACME challenges. It needs a name here, because the site's routers come before Traefik's own. */
const ownAnswers = "acme-http@internal";

function challengeHeaders(site: Site, { key, name }: Scope): string[] {
  return [`${keyOf(site)}-http`, ...(name === undefined ? [] : [`${key}-host-http`])];
}

/** Where TLS ends in a proxy in front: only that one is served, by what it says the client used. */
const fromHttps = all(headerRegexp("X-Forwarded-Proto", "(?i)^(?:https|wss)(?:\\s*,\\s*(?:https|wss))*$"), not(headerRegexp("X-Forwarded-Proto", "(?i)(?:^|,)\\s*(?:http|ws)\\s*(?:,|$)")));
const fromHttp = all(headerRegexp("X-Forwarded-Proto", "(?i)^(?:http|ws)$"), not(headerRegexp("X-Forwarded-Proto", "(?i)(?:https|wss)")));

function frontRouters(site: Site): YamlMapping {
  const { main, acme } = serviceNames(site);
  const entryPoints = namesIn(httpEntryPoints(site));
  const within = (rule: string, choices: readonly Choice[]) => combined([[{ rule }], choices]);
  const trusted = (choices: (forwarded: boolean) => readonly Choice[]) => [...told(site, choices(true)), ...within(clientIn(forwarders(site)), choices(false))];
  const front = (choices: (forwarded: boolean) => readonly Choice[]) => [...trusted(choices), { middlewares: [nobody(site, 403)] }];
  const challenge = (scope: Scope): Choice[] => within(fromHttp, [{ service: acme, middlewares: challengeHeaders(site, scope) }]);
  const plain = (scope: Scope): Choice[] => within(fromHttp, [{ rule: acmeChallenge, service: acme, middlewares: challengeHeaders(site, scope) }, redirected(site, scope)]);
  const https = (scope: Scope, forwarded: boolean): Choice[] => within(fromHttps, decisions(site, scope, forwarded));
  const common = { entryPoints, service: main };
  return together(
    ...servedScopes(site).map((scope) => routers(`${scope.key}-http`, front((forwarded) => [...https(scope, forwarded), ...plain(scope)]), { rule: all(scope.rule, noTunnel), priority: scope.priority, ...common })),
    ...site.otherSites.map(scopeOf).map((scope) => routers(`${scope.key}-http`, front(() => [...within(fromHttps, ownSite(site, scope)), ...plain(scope)]), { rule: all(scope.rule, noTunnel), priority: scope.priority, ...common })),
    // All else that is asked of these names is unknown.
    ...scopesOf(site, site.challengeNames, "certificate-names").map((scope) => routers(`${scope.key}-http`, trusted(() => challenge(scope)), { rule: all(scope.rule, acmeChallenge, noTunnel), priority: scope.priority, ...common })),
  );
}

/** The lowest priority that Traefik takes for one that is set. */
const last = 1;

function unknownRouters(site: Site): YamlMapping {
  const common = { rule: everything, priority: last };
  const unknown = { service: nothingBehind, middlewares: [nobody(site, 421)] };
  const https = namesIn(httpsEntryPoints(site));
  return {
    // Names that are only in certificates have no router of their own.
    ...(https.length === 0 ? {} : { [`${keyOf(site)}-unknown-https`]: { ...common, entryPoints: https, ...unknown, tls: site.tls.acmeMailcow ? {} : resolverFor(site, site.challengeNames.exact) } }),
    [`${keyOf(site)}-unknown-http`]: { ...common, entryPoints: namesIn(httpEntryPoints(site)), ...unknown },
  };
}

const noHeader = "";

function middlewares(site: Site): YamlMapping {
  const { proxy: { publicHttpPort, publicHttpsPort }, tls: { hsts } } = site;
  const key = keyOf(site);
  const own = site.otherSites.map(scopeOf);
  const served = [...servedScopes(site), ...own];
  const plain = !answersChallenges(site);
  const challenged = plain ? scopesOf(site, site.challengeNames, "certificate-names") : [];
  const forwardedAs = (scheme: string, port: number) => ({ "X-Forwarded-Proto": scheme, "X-Forwarded-Port": String(port), "Forwarded": noHeader, "Proxy": noHeader, "X-Forwarded-Server": noHeader });
  const noUpgrade = { "Upgrade": noHeader };
  const https = forwardedAs("https", publicHttpsPort);
  const answers = { "Server": noHeader, "X-Powered-By": noHeader };
  return {
    [`${key}-https`]: { headers: { customRequestHeaders: { ...https, ...noUpgrade }, customResponseHeaders: { ...answers, ...(hsts === undefined ? {} : { "Strict-Transport-Security": hsts }) } } },
    ...(plain ? { [`${key}-http`]: { headers: { customRequestHeaders: { ...forwardedAs("http", publicHttpPort), ...noUpgrade }, customResponseHeaders: answers } } } : {}),
    ...(own.length === 0 ? {} : {
      [`${key}-other-sites`]: { headers: { customRequestHeaders: { ...https, ...noUpgrade }, customResponseHeaders: { "Server": noHeader } } },
      [`${key}-web-socket`]: { headers: { customRequestHeaders: https, customResponseHeaders: { "Server": noHeader } } },
    }),
    ...(forwarders(site).length === 0 ? {} : { [`${key}-forwarded`]: { headers: { customRequestHeaders: { "X-Real-IP": noHeader } } } }),
    ...together(...served.map((scope) => nameMiddlewares(site, scope, true))),
    ...together(...challenged.map((scope) => nameMiddlewares(site, scope, false))),
    ...accessMiddlewares(site, forwarders(site)),
    [nobody(site, 421)]: refusal(421),
    ...(site.proxy.tlsBefore ? { [nobody(site, 403)]: refusal(403) } : {}),
  };
}

function nameMiddlewares(site: Site, scope: Scope, served: boolean): YamlMapping {
  const { publicHttpPort, publicHttpsPort } = site.proxy;
  const { key, name } = scope;
  const hosts = (text: string) => ({ headers: { customRequestHeaders: { "Host": text, "X-Forwarded-Host": text } } });
  const suffix = portSuffix(publicHttpsPort, 443);
  return {
    ...(served && name !== undefined ? { [`${key}-host-https`]: hosts(`${name}${suffix}`) } : {}),
    ...(name === undefined || answersChallenges(site) ? {} : { [`${key}-host-http`]: hosts(`${name}${portSuffix(publicHttpPort, 80)}`) }),
    ...(served ? { [`${key}-redirect`]: redirect(name, suffix) } : {}),
  };
}

/** The address may be an absolute one, and the name of every domain is the client's. */
function redirect(name: string | undefined, suffix: string): YamlMapping {
  return {
    redirectRegex: name === undefined
      ? { regex: "^https?://([^/:]*?)[.]?(?::[^/]*)?(/.*)?$", replacement: `https://\${1}${suffix}\${2}`, permanent: true }
      : { regex: "^https?://[^/]*(/.*)?$", replacement: `https://${name}${suffix}\${1}`, permanent: true },
  };
}

function together(...mappings: readonly YamlMapping[]): YamlMapping {
  return Object.fromEntries(mappings.flatMap((mapping) => Object.entries(mapping)));
}
