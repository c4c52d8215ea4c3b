/** Units and scripts that reload the proxy with renewed certificates of another program, also over SSH from or to another host. */
import copyPath from "../../../templates/systemd/copy.path.hbs";
import copyScript from "../../../templates/systemd/copy.sh.hbs";
import copyService from "../../../templates/systemd/copy.service.hbs";
import fetchScript from "../../../templates/systemd/fetch.sh.hbs";
import fetchService from "../../../templates/systemd/fetch.service.hbs";
import fetchTimer from "../../../templates/systemd/fetch.timer.hbs";
import give from "../../../templates/systemd/give.sh.hbs";
import reloadPath from "../../../templates/systemd/reload.path.hbs";
import reloadScript from "../../../templates/systemd/reload.sh.hbs";
import reloadService from "../../../templates/systemd/reload.service.hbs";
import sendPath from "../../../templates/systemd/send.path.hbs";
import sendScript from "../../../templates/systemd/send.sh.hbs";
import sendService from "../../../templates/systemd/send.service.hbs";
import mailcowCertificates from "../../../templates/shared/mailcow-certificates.sh.hbs";
import mailcowPair from "../../../templates/shared/mailcow-pair.sh.hbs";
import proxy from "../../../templates/shared/proxy.sh.hbs";
import type { Site } from "../../core/site/site.ts";
import type { HostTarget, TargetFile } from "../../core/output/target.ts";
import { folderOf } from "../shared/folder.ts";
import { otherIssuer } from "../shared/issuer.ts";
import { giveScript, receiveScript, sshOf } from "../shared/mail-host.ts";
import { findFragments, keepers, renewalFragments, renewals } from "../shared/renewal.ts";
import { atOnce, script } from "../shared/script.ts";
import { reloadProgramOf, reloadScriptOf } from "../shared/reload-script.ts";
import { unitFiles } from "../shared/units.ts";
import { receiveTemplates, sendTemplates } from "../shared/transfer-templates.ts";

export const systemd = {
  kind: "host",
  id: "systemd",
  belongsTo: "proxy",
  title: "systemd",
  versions: "249 and later",
  templates: {
    "reload.path.hbs": reloadPath,
    "reload.service.hbs": reloadService,
    "reload.sh.hbs": reloadScript,
    "fetch.timer.hbs": fetchTimer,
    "fetch.service.hbs": fetchService,
    "fetch.sh.hbs": fetchScript,
    "copy.path.hbs": copyPath,
    "copy.service.hbs": copyService,
    "copy.sh.hbs": copyScript,
    "give.sh.hbs": give,
    "send.path.hbs": sendPath,
    "send.service.hbs": sendService,
    "send.sh.hbs": sendScript,
    "mailcow-certificates.sh.hbs": mailcowCertificates,
    "mailcow-pair.sh.hbs": mailcowPair,
    "proxy.sh.hbs": proxy,
    ...receiveTemplates,
    ...sendTemplates,
  },
  fragments: { ...renewalFragments, ...findFragments },
  several: "apart",
  unsupported: (site, entry) => otherIssuer("systemd", "mailcow", site, entry),
  files: ([site]) => files(site),
  view: ([site]) => view(site),
} satisfies HostTarget;

function view(site: Site) {
  const { hostname, fileStem, mailcow: { directory }, tls } = site;
  const folder = folderOf(tls.certificate);
  const ssl = `${directory}/data/assets/ssl`;
  return {
    hostname,
    publicName: site.publicName,
    fileStem,
    directory,
    program: reloadProgramOf(site),
    script: reloadScriptOf(site),
    folder,
    ssl: folder,
    certificate: tls.certificate,
    key: tls.key,
    copies: tls.copies ?? null,
    servers: renewals(site),
    sni: tls.domains.length > 0 ? { links: linksOf(site), domains: tls.domains } : null,
    keepers: keepers(site),
    copy: { program: copyProgram(site), script: copyScriptOf(site), names: [...site.names.exact, ...site.challengeNames.exact].filter((name) => name !== site.publicName) },
    watched: watched(site),
    ssh: sshOf(site),
    // Certificate and key of 1 MiB each for the host and for each mail domain, in blocks of 512 bytes.
    blocks: 4096 * (tls.domains.length + 1),
    give: { ...giveScript(site), ssl, certificate: `${ssl}/cert.pem`, key: `${ssl}/key.pem` },
    receive: { ...receiveScript(site), challenges: false },
  };
}

/** The name of the script that copies the proxy's own certificates to mailcow, and of its units. */
function copyProgram({ fileStem }: Site): string {
  return `${fileStem}-copy`;
}

function copyScriptOf(site: Site): string {
  return `/usr/local/sbin/${copyProgram(site)}.sh`;
}

/** Files and folders that change when there is a new certificate. */
function watched({ tls }: Site): string[] {
  const folder = folderOf(tls.certificate);
  if (tls.domains.length === 0) return [tls.certificate, tls.key];
  // acme-mailcow names a domain's folder after the first of its names that points to this host.
  return [folder, ...tls.domains.flatMap(({ first }) => first.map((name) => `${folder}/${name}`))];
}

/** The folder with the links to the domains' certificates. */
function linksOf({ tls: { domains: [first] } }: Site): string {
  return first === undefined ? "" : folderOf(folderOf(first.certificate));
}

/** The unit that is enabled, by the way of the certificate. */
const starters = { none: "path", fetch: "timer", send: "path" } as const;

function files(site: Site): TargetFile[] {
  const { transfer, issuer } = site.tls;
  const copying = issuer === "proxy";
  const program = copying ? copyProgram(site) : reloadProgramOf(site);
  const verb = program.slice(site.fileStem.length + 1);
  const starter = starters[transfer];
  const there = { none: [], fetch: [{ template: "give.sh.hbs", ...giveScript(site) }], send: [{ template: "receive.sh.hbs", ...receiveScript(site) }] }[transfer];
  return [
    ...unitFiles({ host: "proxy", program, starter, template: verb }),
    script({ template: `${verb}.sh.hbs`, name: `${program}.sh`, installPath: copying ? copyScriptOf(site) : reloadScriptOf(site), host: "proxy", reload: `systemctl start ${program}.service` }),
    ...there.map(({ template, program: name, script: installPath }) => script({ template, name: `${name}.sh`, installPath, host: "mailcow", reload: atOnce })),
  ];
}
