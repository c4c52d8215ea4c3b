/** The notes in the head of a server's file that depend on the issuer of the certificates and on the hosts. */
import { distributions } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import { socket } from "./spelling.ts";

/** @param sites the sites of the file */
export function headNotes(...sites: readonly Site[]) {
  const secured = sites.filter(({ proxy }) => !proxy.tlsBefore);
  const sharing = sites.filter(({ proxy }) => proxy.sharesHost);
  const remote = sites.filter(({ proxy }) => !proxy.sharesHost);
  const ports = [...new Set(sharing.flatMap(({ proxy }) => proxy.ports.filter(isMailcows)))].map(String);
  const expecting = ports.length > 0 ? [] : sharing.flatMap(({ proxy: { upstream } }) => [upstream.main, upstream.acme]).map(socket);
  const inContainer = sites.filter(({ proxy }) => proxy.isContainer);
  const some = (issuer: Site["tls"]["issuer"], ...transfers: readonly Site["tls"]["transfer"][]) => secured.some(({ tls }) => tls.issuer === issuer && transfers.includes(tls.transfer));
  return {
    /** The names of mailcow's containers, if the server runs in a container too. The host's commands do not reach it there. */
    containers: [...new Set(inContainer.map(({ proxy }) => proxy.upstream.main.address))].join(" and "),
    /** Whether one of these servers in a container has a certificate. */
    inContainer: inContainer.some(({ proxy }) => !proxy.tlsBefore),
    /** The ports that mailcow has after its installation and must leave to the proxy, as a person lists them. */
    ports: ports.length === 0 ? null : `${ports.length === 1 ? "port" : "ports"} ${listed(ports)}`,
    /** Where mailcow must listen, if the proxy needs none of these ports. */
    expecting: [...new Set(expecting)],
    /** Whether mailcow's own certificate is served, which is not trusted at first. */
    untrusted: secured.some(({ tls }) => tls.issuer === "mailcow"),
    /** The sites whose mailcow is on another host, where some have it on this one. */
    remote: sharing.length > 0 ? listed(remote.map(({ hostname }) => hostname)) : null,
    elsewhere: remote.length > 0,
    // For mail domains with their own certificates, the head has already named the units.
    units: inContainer.length === 0 && secured.some(({ tls, proxy }) => proxy.sharesHost && tls.issuer === "mailcow" && tls.domains.length === 0),
    /** Whether a certificate comes from mailcow's host, or goes there. */
    fetched: secured.some(({ tls }) => tls.transfer === "fetch"),
    sent: some("files", "send"),
    certbot: some("certbot", "none", "send"),
    files: some("files", "none", "send"),
    reloadedByHand: some("files", "none"),
    /** The package with htpasswd, if there are paths with passwords. */
    htpasswd: packageOf(sites.find(({ basicAuth }) => basicAuth !== undefined)),
    tlsBefore: secured.length < sites.length,
  };
}

function packageOf(site: Pick<Site, "family"> | undefined): string | null {
  return site === undefined ? null : distributions[site.family].htpasswd;
}

/** Whether mailcow listens on the port unless its mailcow.conf says otherwise. */
function isMailcows(port: number): boolean {
  return port === 80 || port === 443;
}

function listed(words: readonly string[]): string | null {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? null);
}
