/** Another mail server for all of mailcow's outgoing mail: parameters in extra.cf, and the login in a file that git does not take. */
import credentials from "../../../templates/relayhost/credentials.hbs";
import extraCf from "../../../templates/relayhost/extra.cf.hbs";
import { linesOf } from "../../core/main-cf/write.ts";
import type { MainCfSetting } from "../../core/merged/values.ts";
import type { MailcowTarget, TargetFile } from "../../core/output/target.ts";
import type { Relayhost, Site } from "../../core/site/site.ts";
import { mailcowHost } from "../shared/mailcow-host.ts";
import { nothing } from "../shared/requirements.ts";
import { sectionMissing } from "../shared/section.ts";

/** The folders in mailcow's Postfix container. */
const container = "/opt/postfix/conf";

/** Postfix reads extra.cf only at its start. */
const reload = "docker compose restart postfix-mailcow";

export const relayhost = {
  kind: "mailcow",
  id: "relayhost",
  title: "a relayhost in mailcow's Postfix",
  versions: "of mailcow 2025-09 and later",
  templates: { "extra.cf.hbs": extraCf, "credentials.hbs": credentials },
  several: "apart",
  unsupported: (site, entry) => (site.relayhost === undefined ? sectionMissing("relayhost", { section: "relayhost", example: "{ host: relay.example.net }" }, entry) : []),
  files: ([site]) => files(site),
  merges: (site) => (site.relayhost === undefined ? {} : { "data/conf/postfix/extra.cf": settings(site.relayhost) }),
  view: ([site]) => view(site),
} satisfies MailcowTarget;

/** The place of the credentials below mailcow's `data/conf/postfix`. git ignores this folder. */
const passwords = "sql/relayhost_passwd";

function files(site: Site): TargetFile[] {
  const { fileStem, mailcow, relayhost: relay } = site;
  const folder = `${mailcow.directory}/data/conf/postfix`;
  const common = { host: mailcowHost(site), comment: "#", group: undefined, validate: undefined, reload, requires: nothing } as const;
  return [
    { template: "extra.cf.hbs", name: `${fileStem}.cf`, installPath: `${folder}/extra.cf`, install: "merged", keepsFirstLine: true, mode: "0644", ...common },
    ...(relay?.login === undefined ? [] : [{ template: "credentials.hbs", name: `${fileStem}.passwd`, installPath: `${folder}/${passwords}`, install: "replaced", secret: relay.login.password, mode: "0600", ...common } as const]),
  ];
}

/** The relayhost as Postfix writes it, without a look-up of MX records. */
function nextHop({ host, port }: Relayhost): string {
  return `[${host}]:${port}`;
}

/** mailcow's own tables stay in each list: later values replace those of its main.cf. */
function settings(relay: Relayhost): MainCfSetting[] {
  const hop = nextHop(relay);
  return [
    { name: "relayhost", entries: [hop], about: ["All mail goes there, unless a transport of mailcow's UI says otherwise."] },
    ...(relay.login === undefined
      ? []
      : [
          {
            name: "smtp_sasl_password_maps",
            entries: [`proxy:mysql:${container}/sql/mysql_sasl_passwd_maps_sender_dependent.cf`, `texthash:${container}/${passwords}`],
            about: ["Logins of transports in mailcow's UI first, then that of the relayhost."],
          } as const,
        ]),
    {
      name: "smtp_tls_policy_maps",
      entries: [`inline:{ { ${hop} = ${relay.tls} } }`, `proxy:mysql:${container}/sql/mysql_tls_policy_override_maps.cf`, "socketmap:inet:postfix-tlspol:8642:QUERY"],
      about: [relay.tls === "secure" ? "Without TLS and a certificate that is valid for the name, mail waits. The other tables are mailcow's own." : "Without TLS, mail waits. The other tables are mailcow's own."],
    },
  ];
}

function view(site: Site) {
  const { hostname, fileStem, mailcow: { directory }, relayhost: relay } = site;
  if (relay === undefined) throw new Error("relayhost is asked for without its section");
  const { login } = relay;
  return {
    hostname,
    fileStem,
    folder: `${directory}/data/conf/postfix`,
    directory,
    relayhost: nextHop(relay),
    secure: relay.tls === "secure",
    login: login === undefined ? null : { username: login.username, place: `${directory}/data/conf/postfix/${passwords}` },
    settings: settings(relay).map(linesOf).join(""),
  };
}
