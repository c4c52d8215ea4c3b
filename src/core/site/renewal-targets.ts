/** The targets that bring a renewed certificate to everything that serves it. */
import type { TargetId } from "../output/target-id.ts";
import { hostKeys } from "./same-host.ts";
import type { Site } from "./site.ts";

/** Pointers to all that decides it. */
export const renewalKeys = ["/tls/issuer", "/tls/acme_mailcow", "/tls/certbot_host", "/proxy/tls_ends", ...hostKeys] as const;

/** Empty for files on one host: a program that mailcow-proxy does not know renews them. */
export function renewalTargets({ issuer, transfer, acmeMailcow }: Pick<Site["tls"], "issuer" | "transfer" | "acmeMailcow">): TargetId[] {
  switch (issuer) {
    case "mailcow":
      return ["systemd"];
    case "certbot":
      return transfer === "fetch" ? ["systemd", "certbot"] : ["certbot"];
    case "proxy":
      return acmeMailcow ? [] : ["systemd"];
    case "files":
      return transfer === "none" ? [] : ["systemd"];
  }
}
