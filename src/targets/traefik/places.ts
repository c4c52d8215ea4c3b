/** Traefik's ID, and the places of its files. */
import type { ServerId } from "../../core/site/servers.ts";

export const id: ServerId = "traefik";

/** Where Traefik keeps the certificates that it orders: in the state folder of its unit. */
export const storage = "/var/lib/traefik/acme.json";

/** The static configuration, which is the administrator's. */
export const staticFile = "/etc/traefik/traefik.yml";
