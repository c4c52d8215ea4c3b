/** The firewall for the ports that expect PROXY protocol: its rules, and who loads them. */
import { mailServices } from "../../core/site/mail-services.ts";
import type { MailPorts } from "../../core/site/site.ts";
import type { Site } from "../../core/site/site.ts";

/** The services that may remove all rules when they start, reload or stop. */
const flushing = { nftables: ["nftables"], iptables: ["nftables", "netfilter-persistent"] } as const;

const templates = { nftables: "flushed.conf.hbs", "netfilter-persistent": "persistent.conf.hbs" } as const;

export function firewall({ fileStem }: Site, { firewall: kind, proxies }: MailPorts) {
  const program = `${fileStem}-mail-ports`;
  const common = {
    unit: `${program}.service`,
    dropIns: flushing[kind].map((service) => ({ service, template: templates[service], place: `/etc/systemd/system/${service}.service.d/mailcow-mail-ports.conf` })),
    sources: proxies,
    proxies: proxies.join(", "),
  };
  const ports = mailServices.map(({ proxied }) => proxied);
  if (kind === "nftables") {
    const place = `/etc/nftables.d/${program}.nft`;
    const table = "inet mailcow_mail_ports";
    return {
      ...common,
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
  return {
    ...common,
    template: "ports.sh.hbs",
    package: "iptables",
    place,
    mode: "0755",
    validate: `sh -n ${place}`,
    ports: ports.join(","),
    start: `${place} start`,
    stop: `${place} stop`,
    look: ["iptables -n -v -L MAILCOW-MAIL-PORTS", "iptables -n -L DOCKER-USER 1", "iptables -n -v -L INPUT 1"],
  };
}
