/** A mail host as a tree: mailcow's folder, certbot's folders, and stand-ins for the services. */
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { type Family, type ServerId, serverIds, servers } from "../../../src/core/site/servers.ts";
import { generate } from "../../../src/index.ts";
import { issue, type Pair } from "./certificate.ts";
import { Tree } from "./tree.ts";

export const mailcow = "/opt/mailcow-dockerized";
export const ssl = `${mailcow}/data/assets/ssl`;
export const pem = "/etc/haproxy/mailcow-mail.example.org.pem";
export const lineage = "/etc/letsencrypt/live/mail.example.org";

/** The programs by which the servers check their configuration. */
const checks = new Set(serverIds.flatMap((id) => Object.values(servers[id].installations).flatMap(({ validate }) => validate?.split(" ", 1) ?? [])));

/** Where a description's scripts are, by target and the end of their name. */
export function rendered(description: string): readonly OutputFile[] {
  const { files, diagnostics } = generate(description);
  if (files.length === 0) throw new Error(`the description is refused: ${diagnostics.map(({ message }) => message).join("; ")}`);
  return files;
}

export class Host extends Tree {
  /** What mailcow had before: its own certificate for nothing. */
  readonly first: Pair = issue(["mail.example.org"]);

  constructor(description: string, { installed = true } = {}) {
    super();
    if (installed) for (const { installPath = "", content, mode } of rendered(description)) this.write(installPath, content, Number.parseInt(mode, 8));
    this.write(`${ssl}/cert.pem`, this.first.certificate, 0o640);
    this.write(`${ssl}/key.pem`, this.first.key, 0o640);
    this.write(`${ssl}/dhparams.pem`, "");
    this.write(`${mailcow}/mailcow.conf`, "SKIP_LETS_ENCRYPT=y\n", 0o600);
    this.write("/log", "");
    // Each tells that it was called, and fails when it is told to.
    const tell = (name: string) => `echo "${name}$(printf ' %s' "$@")" >>/log; [ ! -e /failing/${name} ] || exit 7`;
    this.standIn("docker", `${tell("docker")}; pwd >>/log; openssl x509 -noout -serial -in data/assets/ssl/cert.pem >>/log`);
    for (const program of checks) this.standIn(program, tell(program));
    this.standIn("systemctl", `case $1 in is-active) [ -e "/running/$3" ] ;; *) ${tell("systemctl")} ;; esac`);
  }

  /** What the stand-ins were called with since the last time this was asked. */
  calls(): string[] {
    const lines = this.read("/log").split("\n").filter((line) => line !== "");
    this.write("/log", "");
    return lines;
  }

  /** Lets a stand-in fail, or no longer. */
  failing(name: string, fails = true): void {
    if (fails) this.write(`/failing/${name}`, "");
    else this.remove(`/failing/${name}`);
  }

  /** Puts the proxy's file where its server reads it, and has the server run. */
  serve(server: ServerId, { running = true, family = "debian" }: { readonly running?: boolean; readonly family?: Family } = {}): void {
    const { unit, folder, enabled = folder, ending } = servers[server].installations[family];
    this.write(`${enabled}/mailcow-mail.example.org${ending}`, "");
    if (running) this.write(`/running/${unit}`, "");
    if (server === "haproxy") this.write(pem, this.first.certificate + this.first.key, 0o600);
  }

  /** What certbot leaves after its nth certificate. */
  certbot(pair: Pair, number: number): void {
    for (const [name, content, mode] of [["fullchain", pair.certificate, 0o644], ["privkey", pair.key, 0o600]] as const) {
      this.write(`/etc/letsencrypt/archive/mail.example.org/${name}${number}.pem`, content, mode);
      this.link(`${lineage}/${name}.pem`, `../../archive/mail.example.org/${name}${number}.pem`);
    }
  }

  /** The certificate and the key that mailcow's containers would read. */
  get installed(): Pair {
    return { certificate: this.read(`${ssl}/cert.pem`), key: this.read(`${ssl}/key.pem`) };
  }
}

/** A host on which a script that waits does so for a moment: half a minute is for acme-mailcow, and no test waits for it. */
export function impatient(description: string): Host {
  const host = new Host(description);
  host.standIn("sleep", "exec /usr/bin/sleep 0.01");
  return host;
}
