/** Decides where the certificate is, and how the host that does not have it gets a copy. */
import type { Description } from "../../generated/description.ts";
import { fileStem } from "./identifier.ts";
import type { Site } from "./site.ts";

type Place = Pick<Site["tls"], "certificate" | "key" | "transfer">;

/** @param shared whether the proxy and mailcow are on one host */
export function certificatePlace({ tls, mailcow }: Description, hostname: string, shared: boolean): Place {
  // With a certificate of its own, mailcow needs no copy.
  const transfer = shared || (tls.issuer !== "mailcow" && tls.acme_mailcow) ? "none" : tls.issuer === "mailcow" || (tls.issuer === "certbot" && tls.certbot_host === "mailcow") ? "fetch" : "send";
  if (transfer === "fetch") return { ...inFolder(`/etc/ssl/${fileStem(hostname)}`), transfer };
  switch (tls.issuer) {
    case "mailcow":
      return { ...inFolder(`${mailcow.directory}/data/assets/ssl`), transfer };
    case "certbot":
      return { certificate: `${lineageOf({ hostname })}/fullchain.pem`, key: `${lineageOf({ hostname })}/privkey.pem`, transfer };
    case "proxy":
      return { certificate: "", key: "", transfer: "none" };
    case "files":
      // src/rules/certificate.ts refuses missing paths, and then nothing is rendered.
      return { certificate: tls.certificate ?? "", key: tls.key ?? "", transfer };
  }
}

/** certbot's folder with the certificate, on the host that certbot runs on. */
export function lineageOf({ hostname }: Pick<Site, "hostname">): string {
  return `/etc/letsencrypt/live/${hostname}`;
}

function inFolder(folder: string): Pick<Place, "certificate" | "key"> {
  return { certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` };
}
