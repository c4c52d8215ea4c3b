/** Puts the output where it belongs and does what its head tells the administrator to do. */
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { renderAll } from "../../../src/pipeline/render.ts";
import { sha256 } from "../../../src/core/output/sha256.ts";
import { servers } from "../../../src/core/site/servers.ts";
import type { Site } from "../../../src/core/site/site.ts";
import type { Authority, Certificate, KeyType } from "./certificate.ts";
import { attempt } from "./command.ts";
import { proxyId } from "./description.ts";
import { prepareFolder } from "./filesystem.ts";
import { headCommands } from "./head-commands.ts";
import { proxy } from "./proxy.ts";
import { main as httpdMain } from "./rhel/apache.ts";

/** A command of the head that failed when it was run in its turn. */
export interface Failure {
  readonly command: string;
  readonly said: string;
}

const stubs = "/run/wire/bin";

/** Makes the certificate at the paths the description says, as mailcow, certbot or the administrator would have. */
export function placeCertificate(site: Site, authority: Authority, key?: KeyType): Certificate {
  const elsewhere = new Set(site.tls.domains.flatMap(({ names }) => names));
  const names = site.names.exact.filter((name) => name.length <= 253 && !elsewhere.has(name));
  const certificate = authority.issue(names.concat(site.otherSites, site.names.prefixes.map((prefix) => `${prefix}.example.org`)), key);
  if (site.tls.transfer === "fetch" && site.tls.domains.length > 0) {
    fetchCertificates(site, authority, certificate);
    return certificate;
  }
  // A proxy that orders its certificates itself reads none.
  if (site.tls.issuer === "proxy") return certificate;
  placePair(certificate, site.tls);
  placeDomainCertificates(site, authority);
  return certificate;
}

/** What mailcow's host would give for a key, by the key's file name. */
const answers = "/run/wire/answers";

/** Lets the script of the output fetch them, from a stand-in for mailcow's host. */
function fetchCertificates(site: Site, authority: Authority, own: Certificate): void {
  const pairs = [{ name: site.hostname, ...own }, ...site.tls.domains.map(({ domain, names }) => ({ name: domain, ...authority.issue(names) }))];
  mkdirSync(answers, { recursive: true });
  writeFileSync(`${answers}/${site.fileStem}`, pairs.map(({ name, certificate, key }) => `== ${name}\n${certificate}${key}`).join(""));
  const files = renderAll([{ site, targets: ["systemd"] }], { sha256 });
  for (const file of files) place(file);
  const { status, text } = shell(files.find(({ installPath }) => installPath?.endsWith("-fetch.sh"))?.installPath ?? "false");
  if (status !== 0) throw new Error(`the certificates are not fetched: ${text}`);
}

/** Makes those of mail domains as acme-mailcow does, in folders of their own, and installs the script that finds them there. */
function placeDomainCertificates(site: Site, authority: Authority): void {
  if (site.tls.domains.length === 0) return;
  for (const { names } of site.tls.domains) {
    const folder = join(dirname(site.tls.certificate), names[0] ?? "");
    placePair(authority.issue(names), { certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` });
    writeFileSync(`${folder}/domains`, names.join(" "));
  }
  for (const file of renderAll([{ site, targets: ["systemd"] }], { sha256 })) place(file);
}

/** Puts a certificate and its key where the server reads them. */
export function placePair({ certificate, key }: Certificate, places: Pick<Site["tls"], "certificate" | "key">): void {
  for (const [file, content] of [[places.certificate, certificate], [places.key, key]] as const) {
    prepareFolder(file);
    writeFileSync(file, content);
    chmodSync(file, 0o600);
  }
}

function place(output: OutputFile): void {
  const { installPath = "", content, mode, group } = output;
  if (output.install === "merged") return proxy.merge?.(installPath, [content]);
  prepareFolder(installPath);
  writeFileSync(installPath, content);
  chmodSync(installPath, Number.parseInt(mode, 8));
  // Of another distribution, this machine may not have the group.
  if (group !== undefined) attempt("chgrp", group, installPath);
}

/** What the compose file does for a server in a container, of which the head only says that: the file, its modules and the certificate are there. */
function mount(output: OutputFile): void {
  const { certificates, modules } = output.requires;
  for (const { certificate, key, combined } of certificates) {
    if (combined !== undefined) writeFileSync(combined, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"));
  }
  if (modules.length > 0) shell(`a2enmod -q ${modules.join(" ")}`);
  const { installPath = "" } = output;
  const { folder, enabled = folder } = servers[proxyId].installations.debian;
  if (dirname(installPath) !== folder) return place(output);
  proxy.prepareForMany(enabled);
  place({ ...output, installPath: `${enabled}/${basename(installPath)}` });
}

/** @returns the commands that failed in their turn */
export function install(outputs: readonly OutputFile[]): Failure[] {
  for (const output of outputs) {
    if (output.content.includes("compose file that mounts this file")) mount(output);
    else place(output);
  }
  const failures = outputs.flatMap(({ content }) => headCommands(content)).flatMap((command) => perform(command));
  // What stands before the command that it needs is a failure, but not the end of everything else.
  for (const { command } of failures) perform(command);
  return failures;
}

/** The output's own check of the server's configuration; its files have the same. */
export function validate([output]: readonly OutputFile[]): { readonly status: number; readonly text: string } {
  return shell(output?.validate ?? proxy.trial ?? "false");
}

function perform(command: string): Failure[] {
  // A line of the file that systemd takes the environment from.
  if (/^[A-Z_]+=/.test(command)) {
    appendFileSync("/etc/default/haproxy", `${command}\n`);
    return [];
  }
  const { status, text } = shell(command);
  return status === 0 ? [] : [{ command, said: text.trim() }];
}

function shell(command: string): { readonly status: number; readonly text: string } {
  // There is no systemd in a namespace; the world starts the server itself.
  mkdirSync(stubs, { recursive: true });
  // SELinux and the firewall are RHEL's.
  for (const program of ["systemctl", "setsebool", "semanage", "restorecon", "firewall-cmd"]) writeFileSync(`${stubs}/${program}`, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  writeFileSync(`${stubs}/ssh`, `#!/bin/sh\nfor word; do case $word in /root/.ssh/*) exec cat "${answers}/\${word##*/}" ;; esac; done\nexit 255\n`, { mode: 0o755 });
  writeFileSync(`${stubs}/httpd`, `#!/bin/sh\nexec apache2 -f ${httpdMain} "$@"\n`, { mode: 0o755 });
  return attempt("env", `PATH=${stubs}:${process.env["PATH"] ?? ""}`, "sh", "-c", command);
}
