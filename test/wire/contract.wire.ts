/** The contract of docs/design.md, row by row, in every variant. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { access } from "./contract/access.ts";
import { answers } from "./contract/answers.ts";
import { authorities } from "./contract/authorities.ts";
import { bodies } from "./contract/bodies.ts";
import { certificateNames } from "./contract/certificate-names.ts";
import type { Check } from "./contract/check.ts";
import { clientAddress } from "./contract/client-address.ts";
import { company, survived } from "./contract/company.ts";
import { connections } from "./contract/connections.ts";
import { failure } from "./contract/failure.ts";
import { forwardedFor } from "./contract/forwarded-for.ts";
import { framing } from "./contract/framing.ts";
import { everyRequest, headers } from "./contract/headers.ts";
import { http } from "./contract/http.ts";
import { methodsRow } from "./contract/methods.ts";
import { names } from "./contract/names.ts";
import { otherSites } from "./contract/other-sites.ts";
import { path } from "./contract/path.ts";
import { proxyHeaders } from "./contract/proxy-headers.ts";
import { responseHeaders } from "./contract/response-headers.ts";
import { slowClients } from "./contract/slow-clients.ts";
import { time } from "./contract/time.ts";
import { tls } from "./contract/tls.ts";
import { tlsBefore } from "./contract/tls-before.ts";
import { servers } from "../../src/core/site/servers.ts";
import { asTest } from "./limits.ts";
import { isMachines, platform, proxyId, render, renderValid } from "./world/description.ts";
import { type Variant, variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

/** In the order they are proved: what disturbs mailcow comes late, what looks back comes last. */
function rows({ time: withTime, rows: some }: Variant): readonly (readonly [row: string, checks: readonly Check[]])[] {
  const all: readonly (readonly [row: string, checks: readonly Check[]])[] = [
    ["company", company], ["names", [...names, ...authorities]], ["http", [...http, ...certificateNames]], ["TLS in front", tlsBefore], ["client address", [...clientAddress, ...forwardedFor, ...proxyHeaders]], ["headers to mailcow", headers],
    ["path and query", path], ["methods", methodsRow], ["bodies", [...bodies, ...framing]], ["response headers", responseHeaders], ["answers", answers],
    ["connections", connections], ["TLS", tls], ["access", access], ["other sites", otherSites], ["failure", failure],
    ...(withTime === true && isMachines ? [["time", [...time, ...slowClients]]] as const : []),
    ["headers to mailcow", everyRequest], ["company", survived],
  ];
  return some === undefined ? all : all.filter(([row]) => some.includes(row));
}

/** The codes that refuse a variant with PROXY protocol, if the server or its version cannot do that. */
function refusal({ name, description, beside }: Variant): readonly string[] | undefined {
  if (!name.includes("PROXY protocol")) return undefined;
  const rendered = render(description, { beside });
  return "refused" in rendered ? rendered.refused : undefined;
}

for (const variant of variants) {
  const refused = refusal(variant);
  if (refused !== undefined) {
    describe("client address", () => {
      test(`${variant.name}: refused, ${proxyId} cannot`, () => expect(refused).toEqual([servers[proxyId].proxyProtocol[variant.arrival === "proxy-protocol" ? "accepts" : "sends"] === undefined ? "proxy-protocol-send" : "proxy-protocol-version"]));
    });
    continue;
  }
  if (variant.panel !== undefined && variant.panel !== proxyId) continue;
  // Another platform's run is for its own layout.
  if (variant.layout !== undefined && platform !== undefined) continue;
  describe(variant.name, () => {
    let world: World;
    const running = new Map<Check, Promise<void>>();
    const { site } = renderValid(variant.description, variant.beside);
    const applies = ({ when }: Check) => when === undefined || when({ variant, site });

    beforeAll(async () => {
      world = await openWorld(variant);
      for (const check of rows(variant).flatMap(([, checks]) => checks).filter((one) => one.background === true && applies(one))) {
        const result = check.run(world);
        running.set(check, result);
        // Its test reports it.
        result.catch(() => undefined);
      }
    });
    // A world that did not open has nothing to close.
    afterAll(() => (world as World | undefined)?.close());

    for (const [row, checks] of rows(variant)) {
      const applicable = checks.filter(applies);
      if (applicable.length === 0) continue;
      describe(row, () => {
        for (const check of applicable) {
          const outcome = async () => running.get(check) ?? check.run(world);
          test(...asTest(row, check, { variant, site }, outcome), check.limit);
        }
      });
    }
  });
}
