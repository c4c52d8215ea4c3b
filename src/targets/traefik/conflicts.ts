/** What two sites on one Traefik cannot have differently: the static configuration is the same for both. */
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import { type EntryPoint, forwarders, httpEntryPoints, httpsEntryPoints } from "./entry-points.ts";
import { answersChallenges, orders } from "./own-certificates.ts";

const kinds = [
  { key: "http", of: httpEntryPoints },
  { key: "https", of: httpsEntryPoints },
] as const;

/** @param file the name of the earlier site's description */
export function conflicts(site: Site, earlier: Site, file: string): Problem[] {
  const points = entryPointConflicts(site, earlier, file);
  return [...(points.length > 0 ? points : trustConflicts(site, earlier, file)), ...resolverConflicts(site, earlier, file)];
}

/** An entry point has one address, and an address one entry point. */
function entryPointConflicts(site: Site, earlier: Site, file: string): Problem[] {
  const theirs = kinds.flatMap(({ of }) => of(earlier));
  return kinds.flatMap(({ key, of }): Problem[] => {
    const place = { pointer: `/proxy/entry_points/${key}`, on: "value" } as const;
    const [elsewhere] = pairs(of(site), theirs, (ours, one) => ours.name === one.name && ours.address !== one.address);
    if (elsewhere !== undefined) return [{ code: "shared-entry-point", arguments: { name: elsewhere.ours.name, address: elsewhere.ours.address, other: elsewhere.theirs.address, file }, place }];
    const [renamed] = pairs(of(site), theirs, (ours, one) => ours.name !== one.name && ours.address === one.address);
    return renamed === undefined ? [] : differs(`proxy.entry_points.${key}`, renamed.ours.name, renamed.theirs.name, file);
  });
}

function pairs(ours: readonly EntryPoint[], theirs: readonly EntryPoint[], wanted: (ours: EntryPoint, theirs: EntryPoint) => boolean) {
  return ours.flatMap((one) => theirs.filter((other) => wanted(one, other)).map((other) => ({ ours: one, theirs: other })));
}

/** Whom an entry point believes. With PROXY protocol, and where TLS ends before, all servers have this rule. */
function trustConflicts(site: Site, earlier: Site, file: string): Problem[] {
  const names = new Set(kinds.flatMap(({ of }) => of(earlier)).map(({ name }) => name));
  const common = kinds.flatMap(({ of }) => of(site)).some(({ name }) => names.has(name));
  const [own, other] = [site, earlier].map(({ proxy }) => proxy);
  if (!common || own?.tlsBefore !== other?.tlsBefore || own?.tlsBefore === true || own?.proxyProtocol.accept === true || other?.proxyProtocol.accept === true) return [];
  return differs("proxy.trusted_proxies", listed(forwarders(site)), listed(forwarders(earlier)), file);
}

/** A resolver has one account, and proves names in one way. */
function resolverConflicts(site: Site, earlier: Site, file: string): Problem[] {
  if (!orders(site) || !orders(earlier) || site.tls.certificateResolver !== earlier.tls.certificateResolver) return [];
  return [
    ...differs("tls.email", site.tls.email ?? "missing", earlier.tls.email ?? "missing", file),
    ...differs("tls.acme_mailcow", String(!answersChallenges(site)), String(!answersChallenges(earlier)), file),
  ];
}

function differs(key: string, value: string, other: string, file: string): Problem[] {
  return value === other ? [] : [{ code: "shared-differs", arguments: { key, value, other, file }, place: { pointer: `/${key.replaceAll(".", "/")}`, on: "value" } }];
}

function listed(networks: readonly string[]): string {
  return `[${networks.toSorted().join(", ")}]`;
}
