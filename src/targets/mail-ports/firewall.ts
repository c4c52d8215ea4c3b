/** The firewall for the ports that expect PROXY protocol: its rules, and who loads them. */
import { mailServices } from "../../core/site/mail-services.ts";
import type { MailPorts } from "../../core/site/site.ts";
import type { Site } from "../../core/site/site.ts";
import { identifierWithin } from "../../core/site/identifier.ts";

/** The services that may remove all rules when they start, reload or stop. */
const flushing = { nftables: ["nftables"], iptables: ["nftables", "netfilter-persistent"] } as const;

const templates = { nftables: "flushed.conf.hbs", "netfilter-persistent": "persistent.conf.hbs" } as const;

/** The name of a chain of iptables has at most 28 characters. */
const longestChain = 28;

/**
 * Each site has rules of its own. If it shared them with another one, such as that of a mailcow's former name, they would be gone as
 * soon as the other unit stops.
 */
export function firewall({ fileStem, hostname, identifier }: Site, { firewall: kind, proxies }: MailPorts) {
  const program = `${fileStem}-mail-ports`;
  const common = {
    unit: `${program}.service`,
    dropIns: flushing[kind].map((service) => ({ service, template: templates[service], place: `/etc/systemd/system/${service}.service.d/${program}.conf` })),
    sources: proxies,
    proxies: proxies.join(", "),
  };
  const ports = mailServices.map(({ proxied }) => proxied);
  if (kind === "nftables") {
    const place = `/etc/nftables.d/${program}.nft`;
    const name = `mailcow_mail_ports_${identifier}`;
    const table = `inet ${name}`;
    return {
      ...common,
      name,
      template: "ports.nft.hbs",
      package: "nftables",
      place,
      mode: "0644",
      validate: `nft -c -f ${place}`,
      ports: ports.join(", "),
      start: `/usr/sbin/nft -f ${place}`,
      stop: `-/usr/sbin/nft delete table ${table}`,
      look: [`nft list table ${table}`],
    };
  }
  const place = `/usr/local/sbin/${program}.sh`;
  const prefix = "MAILCOW-";
  const name = `${prefix}${identifierWithin(hostname, longestChain - prefix.length)}`;
  return {
    ...common,
    name,
    template: "ports.sh.hbs",
    package: "iptables",
    place,
    mode: "0755",
    validate: `sh -n ${place}`,
    ports: ports.join(","),
    start: `${place} start`,
    stop: `${place} stop`,
    look: [`iptables -n -v -L ${name}`, "iptables -n -L DOCKER-USER 1", "iptables -n -v -L INPUT 1"],
  };
}
