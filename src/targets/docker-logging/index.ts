/** Sends the lines of mailcow's containers to the host's syslog: values in docker-compose.override.yml, and with tcp a drop-in for Docker's unit. */
import dropIn from "../../../templates/docker-logging/docker.conf.hbs";
import override from "../../../templates/docker-logging/override.yml.hbs";
import { composeDocument } from "../../core/compose/write.ts";
import type { ComposeMapping } from "../../core/merged/values.ts";
import type { MailcowTarget, TargetFile } from "../../core/output/target.ts";
import type { Site, Syslog } from "../../core/site/site.ts";
import { mailcowHost } from "../shared/mailcow-host.ts";
import { nothing } from "../shared/requirements.ts";
import { sectionMissing } from "../shared/section.ts";

export const dockerLogging = {
  kind: "mailcow",
  id: "docker-logging",
  title: "Docker's logging of mailcow's containers",
  versions: "of mailcow 2025-09 and later",
  templates: { "override.yml.hbs": override, "docker.conf.hbs": dropIn },
  several: "apart",
  unsupported: ({ syslog }, entry) => (syslog === undefined ? sectionMissing("docker-logging", { section: "syslog", example: "{}" }, entry) : []),
  files: ([site]) => files(site),
  merges: ({ syslog }) => (syslog === undefined ? {} : { "docker-compose.override.yml": services(syslog) }),
  view: ([site]) => view(site),
} satisfies MailcowTarget;

function files(site: Site): TargetFile[] {
  const { fileStem, mailcow: { directory }, syslog } = site;
  const common = { host: mailcowHost(site), comment: "#", mode: "0644", group: undefined, requires: nothing } as const;
  const compose = `docker compose --project-directory ${directory}`;
  return [
    { template: "override.yml.hbs", name: `${fileStem}.yml`, installPath: `${directory}/docker-compose.override.yml`, install: "merged", validate: `${compose} config -q`, reload: "docker compose up -d", ...common },
    ...(syslog?.protocol !== "tcp" ? [] : [{ template: "docker.conf.hbs", name: `${fileStem}.conf`, installPath: "/etc/systemd/system/docker.service.d/mailcow.conf", install: "replaced", validate: undefined, reload: "systemctl daemon-reload", ...common } as const]),
  ];
}

/** docker compose and dockerd accept misspelled options; the container then fails. */
function services({ protocol, port, services: names }: Syslog): Record<string, ComposeMapping> {
  const logging = { driver: "syslog", options: { "syslog-address": `${protocol}://127.0.0.1:${port}`, tag: "{{.Name}}" } };
  return Object.fromEntries(names.map((name) => [name, { logging }]));
}

function view(site: Site) {
  const { hostname, fileStem, mailcow: { directory }, syslog } = site;
  if (syslog === undefined) throw new Error("docker-logging is asked for without its section");
  return { hostname, fileStem, directory, port: syslog.port, tcp: syslog.protocol === "tcp", document: composeDocument(services(syslog), "docker-logging") };
}
