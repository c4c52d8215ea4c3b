/** Adds to a first description the target that reloads the servers after a renewal of the certificate. */
import { reloadTargets } from "../site/reload-target.ts";
import { type Draft, defaultOf, valueAt, withValue } from "./new-description.ts";

/** The draft with the target. It stays as it is if the target cannot work: with mailcow on another host, or without certbot's e-mail address. */
export function withReload(draft: Draft): Draft {
  const issuer = valueAt(draft, "/tls/issuer") ?? "mailcow";
  const target = Object.entries(reloadTargets).find(([name]) => name === issuer)?.[1];
  const remote = valueAt(draft, "/proxy/upstream/address") !== undefined;
  if (target === undefined || remote || (target === "certbot" && valueAt(draft, "/tls/email") === undefined)) return draft;
  const targets = valueAt(draft, "/targets") ?? defaultOf("targets");
  return Array.isArray(targets) && !targets.includes(target) ? withValue(draft, "/targets", [...targets, target]) : draft;
}
