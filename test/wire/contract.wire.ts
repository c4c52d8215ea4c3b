/** The contract of docs/design.md, row by row, in every variant. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { access } from "./contract/access.ts";
import { answers } from "./contract/answers.ts";
import { bodies } from "./contract/bodies.ts";
import type { Check } from "./contract/check.ts";
import { clientAddress } from "./contract/client-address.ts";
import { company, survived } from "./contract/company.ts";
import { connections } from "./contract/connections.ts";
import { failure } from "./contract/failure.ts";
import { everyRequest, headers } from "./contract/headers.ts";
import { http } from "./contract/http.ts";
import { methodsRow } from "./contract/methods.ts";
import { names } from "./contract/names.ts";
import { path } from "./contract/path.ts";
import { responseHeaders } from "./contract/response-headers.ts";
import { time } from "./contract/time.ts";
import { tls } from "./contract/tls.ts";
import { proxyId, render, renderValid } from "./world/description.ts";
import { type Variant, variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

/** In the order they are proved: what disturbs mailcow comes late, what looks back comes last. */
function rows({ time: withTime }: Variant): Record<string, readonly Check[]> {
  return {
    company, names, http, "client address": clientAddress, headers, path, methods: methodsRow, bodies,
    "response headers": responseHeaders, answers, connections, tls, access, failure,
    ...(withTime === true ? { time } : {}),
    "every request": everyRequest, survived,
  };
}

for (const variant of variants) {
  if (variant.only !== undefined && variant.only !== proxyId) {
    test(`${variant.name}: refused, ${proxyId} cannot`, () => {
      expect(render(variant.description)).toEqual({ refused: ["proxy-protocol-send"] });
    });
    continue;
  }
  describe(variant.name, () => {
    let world: World;
    const running = new Map<Check, Promise<void>>();
    const { site } = renderValid(variant.description, variant.beside);
    const applies = ({ when }: Check) => when === undefined || when({ variant, site });

    beforeAll(async () => {
      world = await openWorld(variant);
      for (const check of Object.values(rows(variant)).flat().filter((one) => one.background === true && applies(one))) {
        const result = check.run(world);
        running.set(check, result);
        // Its test reports it.
        result.catch(() => undefined);
      }
    });
    // A world that did not open has nothing to close.
    afterAll(() => (world as World | undefined)?.close());

    for (const [row, checks] of Object.entries(rows(variant))) {
      const applicable = checks.filter(applies);
      if (applicable.length === 0) continue;
      describe(row, () => {
        for (const check of applicable) test(check.name, () => running.get(check) ?? check.run(world), check.limit);
      });
    }
  });
}
