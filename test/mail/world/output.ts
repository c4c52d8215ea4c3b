/** What the tool makes of the description, for the proxy under test and for mailcow's host. */
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { servers } from "../../../src/core/site/servers.ts";
import { filesFor } from "../../systems/world/output.ts";
import { platform, proxyId } from "../../wire/world/description.ts";
import { proxyAddresses, tunnel } from "./network.ts";

export const banlist = "https://mail.example.org/f2b-banlist?id=3fa85f64-5717-4562-b3fc-2c963f66afa6";

const { mailTarget } = servers[proxyId];
if (mailTarget === undefined) throw new Error(`${proxyId} does not pass mail ports on`);
const target = mailTarget;

export type Firewall = "nftables" | "iptables";

type Target = "mail-ports" | "mail-bans" | "mailcow-conf";

/** @returns the files of these targets, of a description that names all that mail through a proxy takes */
export function output(wanted: readonly Target[], firewall: Firewall = "nftables"): OutputFile[] {
  return everything(firewall).filter((file) => wanted.some((one) => one === file.target));
}

export function proxyFiles(): OutputFile[] {
  return everything("nftables").filter((file) => file.target === target);
}

function everything(firewall: Firewall): OutputFile[] {
  return filesFor({
    mail_domains: ["example.org"],
    platform: platform ?? "debian-12",
    mailcow: { http: { bind: tunnel.mailcow } },
    proxy: { addresses: [tunnel.proxy] },
    mail: { address: tunnel.mailcow, listen: Object.values(proxyAddresses), firewall, banlist },
    tls: { issuer: "files", certificate: "/etc/ssl/mail/cert.pem", key: "/etc/ssl/mail/key.pem" },
    targets: [target, "mail-ports", "mail-bans", "mailcow-conf"],
  });
}
