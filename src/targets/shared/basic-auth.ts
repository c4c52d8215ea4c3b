/** Paths that need a name and a password, for servers that read these from a file. */
import type { TargetFile } from "../../core/output/target.ts";
import type { ServerId } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import { installationOf } from "./server.ts";
import { quoted } from "./spelling.ts";

/** The view for the templates, or null without such paths. @param slash a regular expression for slashes in a path */
export function basicAuth(id: ServerId, site: Site, slash: string) {
  if (site.basicAuth === undefined) return null;
  const { paths, users } = site.basicAuth;
  const file = usersFileOf(id, site);
  return { paths: paths.map((path) => quoted(path).replaceAll("/", slash)), users, file, name: file.slice(file.lastIndexOf("/") + 1), group: installationOf(id, site).group };
}

/** The configuration, and the file with the users if there are some. */
export function withUsers(id: ServerId, site: Site, configuration: TargetFile): TargetFile[] {
  if (site.basicAuth === undefined) return [configuration];
  const installPath = usersFileOf(id, site);
  return [configuration, { ...configuration, template: "users.htpasswd.hbs", name: installPath.slice(installPath.lastIndexOf("/") + 1), installPath, mode: "0640", group: installationOf(id, site).group }];
}

function usersFileOf(id: ServerId, site: Site): string {
  return `${installationOf(id, site).root}/${site.fileStem}.htpasswd`;
}
