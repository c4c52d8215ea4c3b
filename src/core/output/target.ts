/** A target: a view of the sites, the templates for it, and the files with their places. */
import type { MergedValues } from "../merged/values.ts";
import type { Problem } from "../problems/problem.ts";
import type { ServerId } from "../site/servers.ts";
import type { SecretSource, Site } from "../site/site.ts";
import type { TargetId } from "./target-id.ts";
import type { YamlMapping } from "./yaml-writer.ts";

/** A precompiled Handlebars template. */
export type TemplateSpecification = object;

/** The sites of one output: a single one, or all sites of one server. */
export type Sites = readonly [Site, ...Site[]];

/** The PEM files of a certificate that a server reads. */
export interface CertificateFiles {
  /** Certificate and chain. */
  readonly certificate: string;
  readonly key: string;
  /** A file with both, made on the host, for servers that need one file. */
  readonly combined: string | undefined;
}

/** What the host needs before the server's check accepts a file. */
export interface Requirements {
  readonly certificates: readonly CertificateFiles[];
  /** Scripts of the target systemd that find the certificates of mail domains. */
  readonly scripts: readonly string[];
  /** Folders for certificates with their keys, which these scripts fill. */
  readonly folders: readonly string[];
  /** The server's modules to enable, by the names that its own tool uses. */
  readonly modules: readonly string[];
}

/** A host that files belong on. With the proxy and mailcow on one host, it is the proxy's. */
export type FileHost = "proxy" | "mailcow";

/** A file of a target. */
export interface TargetFile {
  /** Its template, as a key of the target's `templates`; the head's, where the rest is data. */
  readonly template: string;
  /** What follows the template's text, as YAML. A user's own templates do not change it. */
  readonly document?: () => YamlMapping;
  /** The file name below the target's folder. It contains the hostname if the file is for one site. */
  readonly name: string;
  /** The absolute path where the file is installed on the host; undefined for text that is pasted. */
  readonly installPath: string | undefined;
  /** `mailcow` when it belongs on mailcow's host, and the proxy is on another one. */
  readonly host: FileHost;
  /** Whether it replaces the file there, is merged into a file that has other contents too, or is text that a person pastes into forms. */
  readonly install: "replaced" | "merged" | "pasted";
  /** How comments begin in its format; undefined for formats without comments, where edits by hand cannot be detected. */
  readonly comment: "#" | undefined;
  /** Whether the format needs the first line where it is; then the digest is below it. */
  readonly keepsFirstLine?: boolean;
  /** A secret in it. The file is generated only when files with secrets are asked for, and then alone. */
  readonly secret?: SecretSource;
  /** File mode in octal, as for chmod. */
  readonly mode: string;
  /** The group that must be able to read it, or undefined for root's. */
  readonly group: string | undefined;
  /** The command that checks the server's whole configuration, or undefined when there is none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  readonly requires: Requirements;
}

/** A part of a script from another target's templates. */
export interface Fragment {
  readonly target: TargetId;
  /** The template, as a key of that target's `templates`. */
  readonly template: string;
  readonly specification: TemplateSpecification;
}

/**
 * How a server that needs copies of the certificate gets them. Its fragment defines these shell functions, with the server's
 * ID in their names: `on_ID` tells whether it serves the site, `ID_is_current` whether it has the run's certificate,
 * `renew_ID` copies the certificate and reloads the server, and `tidy_ID` reverts what the server refused and removes the
 * run's files. A run has `$work/proxy.pem`, with certificate and key, and such a file in `$work/own` for each mail domain with
 * its own certificate.
 */
export interface Copies<View extends object = object> {
  /** The template of the fragment, as a key of the target's `templates`. */
  readonly fragment: string;
  /** The values for the fragment. */
  view(site: Site): View;
  /** A shell pattern for what a killed run leaves behind. */
  leftovers(site: Site): string;
}

/**
 * How the certificates are found that a server with an ACME client of its own keeps. Its fragment defines these shell functions,
 * with the server's ID in their names: `on_ID` tells whether it serves the site, and `find_ID NAME` writes a certificate with its chain
 * for the name to `$work/found-cert.pem`, and its key to `$work/found-key.pem`, or fails if there is none that passes `sound NAME`.
 */
export interface OwnCertificates<View extends object = object> {
  /** The template of the fragment, as a key of the target's `templates`. */
  readonly fragment: string;
  /** The values for the fragment. */
  view(site: Site): View;
  /** Files and folders that change when there is a new certificate. */
  watched(site: Site): readonly string[];
}

interface Common<View extends object> {
  /** The official name of the program. */
  readonly title: string;
  /** The supported versions, as text: `1.18 and later`. */
  readonly versions: string;
  /**
   * Templates by file name: those of `files`, and partials, whose name is the part before the first dot. They are in
   * `templates/<id>/`, or in `templates/shared/` if several targets use them.
   */
  readonly templates: Readonly<Record<string, TemplateSpecification>>;
  /** Partials from other targets' templates, by the name that templates use. */
  readonly fragments?: Readonly<Record<string, Fragment>>;
  /** With several sites on one server: separate files for each, which load together, or common files for all. */
  readonly several: "apart" | "together";
  /**
   * Errors for settings that the target cannot express, and notes for those that it expresses differently.
   *
   * @param entry the pointer of the entry in the description's `targets` that selects this target, if there is one
   */
  unsupported(site: Site, entry: string | undefined): Problem[];
  /**
   * Errors for settings of a site that the target cannot express beside those of an earlier site on the same server.
   *
   * @param file the earlier description's name in diagnostics
   */
  conflicts?(site: Site, earlier: Site, file: string): Problem[];
  /** The files, in the order in which to read them. */
  files(sites: Sites): readonly TargetFile[];
  /** The values that it sets in mailcow's files which belong to the administrator as well. Its `files` have them for reading. */
  merges?(site: Site): MergedValues;
  /** Paths left by a run with a different set of sites. They must not be loaded together with these files. */
  rivals?(sites: Sites): readonly string[];
  /** The values for the templates. A target with separate files gets one site at a time. */
  view(sites: Sites): View;
}

/** A server's configuration. */
export interface ServerTarget<View extends object = object> extends Common<View> {
  readonly kind: "server";
  readonly id: ServerId;
  /** Undefined for a server that reads certificates from the issuer's own files: then a reload is enough. */
  readonly copies: Copies | undefined;
  /** For a server with an ACME client of its own. */
  readonly ownCertificates: OwnCertificates | undefined;
}

/** One of mailcow's own files. */
export interface MailcowTarget<View extends object = object> extends Common<View> {
  readonly kind: "mailcow";
  /** The server whose configuration it is, if it is one. */
  readonly server?: ServerId;
  readonly id: Exclude<TargetId, ServerId>;
}

/** Files for other programs on the host. */
export interface HostTarget<View extends object = object> extends Common<View> {
  readonly kind: "host";
  /** The host whose program it is about: the proxy's server, or a program beside mailcow. */
  readonly belongsTo: FileHost;
  readonly id: Exclude<TargetId, ServerId>;
}

/** Text for the forms of a panel that owns the server's configuration. */
export interface PanelTarget<View extends object = object> extends Common<View> {
  readonly kind: "panel";
  /** Whether its host is an appliance, on which no files of other targets can be installed. */
  readonly appliance: boolean;
  /** The server that it owns. */
  readonly server: ServerId;
  readonly id: Exclude<TargetId, ServerId>;
}

export type Target = ServerTarget | MailcowTarget | HostTarget | PanelTarget;

/** The server whose configuration the target writes, in its own form or in another one. */
export function serverOf(target: Target | undefined): ServerId | undefined {
  if (target?.kind === "server") return target.id;
  return target === undefined || target.kind === "host" ? undefined : target.server;
}
