/** Traefik's ID, and the places of its files. */
import type { ServerId } from "../../core/site/servers.ts";

export const id: ServerId = "traefik";

/** The static configuration, which is the administrator's. */
export const staticFile = "/etc/traefik/traefik.yml";
