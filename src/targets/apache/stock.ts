/** What the distributions' own configuration of Apache does, for notes in the file. */
import type { Family } from "../../core/site/servers.ts";

export interface Stock {
  /** Where the default ports are configured. */
  readonly ports: string;
  /** The seconds of its own Timeout, or undefined when it sets none. */
  readonly timeout: number | undefined;
  /** The site that it has on port 80, or undefined when there is none. */
  readonly site: string | undefined;
  /** Whether its tool enables modules, and HTTP/2 on every site with the module. */
  readonly tools: boolean;
  /** The most requests at once, and where to set another number. */
  readonly workers: { readonly count: number; readonly file: string };
  /** The most phones for which that is enough. */
  readonly phones: number;
}

export const stock: Readonly<Record<Family, Stock>> = {
  debian: { ports: "ports.conf", timeout: 300, site: "000-default", tools: true, workers: { count: 150, file: "mods-available/mpm_event.conf" }, phones: 50 },
  // 400 is Apache's own default for mpm_event.
  rhel: { ports: "httpd.conf", timeout: undefined, site: undefined, tools: false, workers: { count: 400, file: "a file in conf.d" }, phones: 300 },
};
