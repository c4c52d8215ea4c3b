/** The view of the script parts that give each server its new certificate, for templates/shared/proxy.sh.hbs. */
import type { Fragment } from "../../core/output/target.ts";
import { serverIds } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import { serverTargets } from "../servers.ts";
import { enabledPlaceOf, installationOf } from "./server.ts";

/** The servers' own parts of the scripts, as partials. */
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
    const { unit, validate, watches } = installationOf(id, site);
    return {
      id,
      watches: watches ?? false,
      enabled: enabledPlaceOf(id, site, site.fileStem),
      unit,
      validate: validate ?? null,
      copies: copies === undefined ? null : { ...copies.view(site), fragment: partialOf(id), leftovers: copies.leftovers(site) },
    };
  });
}

/** The servers' own parts of the script that copies their certificates to mailcow, as partials. */
export const findFragments: Readonly<Record<string, Fragment>> = Object.fromEntries(
  serverIds.flatMap((id) => {
    const { ownCertificates, templates } = serverTargets[id];
    const specification = ownCertificates === undefined ? undefined : templates[ownCertificates.fragment];
    return ownCertificates === undefined || specification === undefined ? [] : [[`find-${id}`, { target: id, template: ownCertificates.fragment, specification }]];
  }),
);

/** The servers that keep certificates of their own. */
export function keepers(site: Site) {
  return serverIds.flatMap((id) => {
    const { ownCertificates } = serverTargets[id];
    return ownCertificates === undefined ? [] : [{ ...ownCertificates.view(site), id, fragment: `find-${id}`, watched: ownCertificates.watched(site) }];
  });
}

function partialOf(id: string): string {
  return `renew-${id}`;
}
