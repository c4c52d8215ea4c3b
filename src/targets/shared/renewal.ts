/** What the scripts do for each server that has to take a new certificate; templates/shared/proxy.sh.hbs shows it. */
import type { Fragment } from "../../core/output/target.ts";
import { serverIds } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import { serverTargets } from "../servers.ts";
import { enabledPlaceOf, installationOf } from "./server.ts";

/** The parts of the scripts that are the servers' own, as partials. */
export const renewalFragments: Readonly<Record<string, Fragment>> = Object.fromEntries(
  serverIds.flatMap((id) => {
    const { copies, templates } = serverTargets[id];
    const specification = copies === undefined ? undefined : templates[copies.fragment];
    return copies === undefined || specification === undefined ? [] : [[partialOf(id), { target: id, template: copies.fragment, specification }]];
  }),
);

export function renewals(site: Site) {
  return serverIds.map((id) => {
    const { copies } = serverTargets[id];
    const { unit, validate } = installationOf(id, site);
    return {
      id,
      enabled: enabledPlaceOf(id, site, site.fileStem),
      unit,
      validate,
      copies: copies === undefined ? null : { ...copies.view(site), fragment: partialOf(id), leftovers: copies.leftovers(site) },
    };
  });
}

function partialOf(id: string): string {
  return `renew-${id}`;
}
