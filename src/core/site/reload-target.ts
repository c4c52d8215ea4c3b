/** The target that reloads the servers after a renewal of the certificate. */
import type { Description } from "../../generated/description.ts";
import type { TargetId } from "../output/target-id.ts";

/** By the certificate's issuer; files are renewed by a program that mailcow-proxy does not know. */
export const reloadTargets: Readonly<Record<Description["tls"]["issuer"], TargetId | undefined>> = {
  mailcow: "systemd",
  certbot: "certbot",
  files: undefined,
};
