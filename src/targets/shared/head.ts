/** The notes in the head of a server's file that depend on the issuer of the certificates and on the hosts. */
import type { Site } from "../../core/site/site.ts";

/** @param sites the sites of the file */
export function headNotes(...sites: readonly Site[]) {
  const sharing = sites.filter(({ proxy }) => proxy.sharesHost);
  const issuers = new Set(sites.map(({ tls }) => tls.issuer));
  const ports = [...new Set(sharing.flatMap(({ proxy }) => [proxy.httpPort, proxy.httpsPort]))].map(String);
  const inContainer = sites.filter(({ proxy }) => proxy.isContainer);
  return {
    /** The names of mailcow's containers, if the server runs in a container too. The host's commands do not reach it there. */
    containers: [...new Set(inContainer.map(({ proxy }) => proxy.upstream.main.address))].join(" and "),
    /** The ports that mailcow must leave to the proxy, as a person lists them. */
    ports: ports.length > 1 ? `${ports.slice(0, -1).join(", ")} and ${ports.at(-1)}` : null,
    // For mail domains with their own certificates, the head has already named the units.
    units: inContainer.length === 0 && sharing.some(({ tls }) => tls.issuer === "mailcow" && tls.domains.length === 0),
    /** Whether mailcow's certificate must be copied from another host. */
    copied: sites.some(({ tls, proxy }) => tls.issuer === "mailcow" && !proxy.sharesHost),
    certbot: issuers.has("certbot"),
    files: issuers.has("files"),
  };
}
