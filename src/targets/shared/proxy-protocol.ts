/** PROXY protocol towards mailcow, which web servers do not speak to an HTTP upstream. */
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import type { TargetId } from "../../core/output/target-id.ts";

/** The error of a target that cannot send it, where the description asks for it. */
export function cannotSend(target: TargetId, { proxyProtocol }: Site): Problem[] {
  if (!proxyProtocol.send) return [];
  return [{ code: "proxy-protocol-send", arguments: { target }, place: { pointer: "/proxy/proxy_protocol/send", on: "value" } }];
}
