/** What a target is: a view of the sites, the templates that show it, and where the results belong. */
import type { Problem } from "../problems/problem.ts";
import type { ServerId } from "../site/servers.ts";
import type { Site } from "../site/site.ts";
import type { TargetId } from "./target-id.ts";

/** A precompiled Handlebars template. */
export type TemplateSpecification = object;

/** The sites of one output: one, or all that one server serves. */
export type Sites = readonly [Site, ...Site[]];

/** PEM files of a certificate that a server reads. */
export interface CertificateFiles {
  /** Certificate and chain. */
  readonly certificate: string;
  readonly key: string;
  /** Both in one file, made on the host from the two, where the server wants them so. */
  readonly combined: string | undefined;
}

/** What has to be on the host before the reading program's check agrees to a file. */
export interface Requirements {
  readonly certificates: readonly CertificateFiles[];
  /** Scripts that find the certificates of mail domains, and folders for what they make; files of the target systemd. */
  readonly scripts: readonly string[];
  readonly folders: readonly string[];
  /** Modules of the server that have to be enabled, by the names that its own tool for that takes. */
  readonly modules: readonly string[];
}

/** A file of a target. */
export interface TargetFile {
  /** Its template, as a key of the target's `templates`. */
  readonly template: string;
  /** Path below the folder named after the target: a file name that carries the hostname where the file is for one site. */
  readonly name: string;
  /** Where the file belongs on the host: an absolute path. */
  readonly installPath: string;
  /** How it gets there: in place of the file that is there, or merged into one that its owner has written. */
  readonly install: "replaced" | "merged";
  /** What a comment begins with in its format, or undefined where there are none: then nothing tells an edit by hand. */
  readonly comment: "#" | undefined;
  /** File mode, octal as `chmod` takes it. */
  readonly mode: string;
  /** The reading program's own check of its whole configuration, or undefined where there is none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  readonly requires: Requirements;
}

/** A part of a script that comes from another target's templates. */
export interface Fragment {
  readonly target: TargetId;
  /** The template, as a key of that target's `templates`. */
  readonly template: string;
  readonly specification: TemplateSpecification;
}

/**
 * How a server that wants copies of the certificate gets them. Its fragment has these shell functions, called by the
 * server's ID: `on_ID` whether it serves the site, `ID_is_current` whether it has the run's certificate, `renew_ID` copies
 * it and reloads, and `tidy_ID` takes back what the server refused and removes what the run needed. The run's files are
 * `$work/proxy.pem`, certificate and key in one, and in the folder `$work/own` the same for each mail domain with a
 * certificate of its own.
 */
export interface Copies<View extends object = object> {
  /** The template of the fragment, as a key of the target's `templates`. */
  readonly fragment: string;
  /** What the fragment places. */
  view(site: Site): View;
  /** A pattern, as sh has them, of what a run leaves behind that is killed. */
  leftovers(site: Site): string;
}

interface Common<View extends object> {
  /** The program's name as its makers write it. */
  readonly title: string;
  /** The versions it writes for, for people: `1.18 and later`. */
  readonly versions: string;
  /**
   * Template files by file name: those of `files`, and partials, called by their name up to the first dot. They are in
   * `templates/<id>/`, or in `templates/shared/` where several targets have them.
   */
  readonly templates: Readonly<Record<string, TemplateSpecification>>;
  /** Partials from other targets' templates, by the name that they are called by. */
  readonly fragments?: Readonly<Record<string, Fragment>>;
  /** Of several sites on one server: files of their own for each, which load side by side, or the same files for all. */
  readonly several: "apart" | "together";
  /**
   * What the target cannot express, at the key that asks for it: errors, or notes where it does so differently.
   *
   * @param entry pointer of the entry in the description's `targets` that asks for the target, if there is one
   */
  unsupported(site: Site, entry: string | undefined): Problem[];
  /** What it comes to, in the order to read it in. */
  files(sites: Sites): readonly TargetFile[];
  /** Where a file of one of the sites may be left from before it was or was no longer beside others; none may be loaded with theirs. */
  rivals?(sites: Sites): readonly string[];
  /** What the templates place; a target that keeps sites apart gets one. */
  view(sites: Sites): View;
}

/** A server's configuration. */
export interface ServerTarget<View extends object = object> extends Common<View> {
  readonly kind: "server";
  readonly id: ServerId;
  /** Undefined for a server that reads certificates where their issuer keeps them: a reload is enough for it. */
  readonly copies: Copies | undefined;
}

/** A file of mailcow's own. */
export interface MailcowTarget<View extends object = object> extends Common<View> {
  readonly kind: "mailcow";
  readonly id: Exclude<TargetId, ServerId>;
}

/** Files of the host that other programs than the server read. */
export interface HostTarget<View extends object = object> extends Common<View> {
  readonly kind: "host";
  readonly id: Exclude<TargetId, ServerId>;
}

export type Target = ServerTarget | MailcowTarget | HostTarget;
