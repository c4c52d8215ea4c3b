/** Judges the options of a log driver that a compose file has beside those of a target. */
import { type Document, isMap, isScalar } from "yaml";
import type { ComposeMapping } from "../merged/values.ts";
import type { Problem } from "../problems/problem.ts";
import { placeOf } from "./nodes.ts";
import { isMapping } from "./write.ts";

/** What Docker takes with each driver; with any other option it does not start the container. Source: daemon/logger in moby/moby. */
const options: Readonly<Record<string, readonly string[]>> = {
  syslog: [
    "syslog-address", "syslog-facility", "syslog-format", "syslog-tls-ca-cert", "syslog-tls-cert", "syslog-tls-key", "syslog-tls-skip-verify",
    "env", "env-regex", "labels", "labels-regex", "tag",
  ],
};

/** Of every driver. */
const general = /^(?:mode|max-buffer-size|cache-.+)$/;

/** Errors for options of another driver than the wanted one, in services that a target gives a driver. */
export function foreignOptions(document: Document | undefined, wanted: Readonly<Record<string, ComposeMapping>>): Problem[] {
  return Object.entries(wanted).flatMap(([service, { logging }]) => {
    const driver = logging !== undefined && isMapping(logging) ? logging["driver"] : undefined;
    const known = typeof driver === "string" ? options[driver] : undefined;
    const found = document?.getIn(["services", service, "logging", "options"], true);
    if (typeof driver !== "string" || known === undefined || !isMap(found)) return [];
    return found.items.flatMap(({ key }): Problem[] => {
      const option = isScalar(key) ? String(key.value) : undefined;
      if (option === undefined || known.includes(option) || general.test(option) || option === "<<") return [];
      return [{ code: "merged-log-option", arguments: { key: `services.${service}.logging.options.${option}`, driver }, place: placeOf(key) }];
    });
  });
}
