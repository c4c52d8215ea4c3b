/** `targets`: lists what can be generated. */
import type { Target } from "../core/output/target.ts";
import { type Platform, type Server, type ServerId, families, servers, tlsLibraryOf } from "../core/site/servers.ts";
import { oldest } from "../core/site/platform.ts";
import { keysOf } from "../core/keys-of.ts";
import { targetIds, targets } from "../targets/index.ts";
import { choice } from "./choice.ts";
import { takes } from "./completion/completes.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

const formats = ["text", "json"] as const;

type Format = (typeof formats)[number];

export const targetsCommand: Command = (parser, word, choose) =>
  parser.command(
    word,
    "List the targets and the supported versions",
    (command) =>
      command
        .option("format", takes(formats, { type: "string", default: "text", requiresArg: true, coerce: choice("format", formats), describe: `Output format: ${formats.join(", ")}` }))
        .example("mailcow-proxy targets", "one line per target")
        .example("mailcow-proxy targets --format json", "for programs: includes the packages, unit and folders of each server"),
    ({ format }) => choose((io) => list(io, format)),
  );

function list({ stdout }: Io, format: Format): ExitStatus {
  stdout.write(format === "json" ? json() : text());
  return exitStatus.done;
}

function text(): string {
  const width = Math.max(...targetIds.map((id) => id.length));
  return targetIds.map((id) => `${id.padEnd(width)}  ${targets[id].title} ${targets[id].versions}\n`).join("");
}

/** Described by schemas/targets.schema.json. */
function json(): string {
  return `${JSON.stringify({ targets: targetIds.map((id) => fields(targets[id])) }, undefined, 2)}\n`;
}

function fields(target: Target) {
  const { id, kind, title, versions } = target;
  return { id, kind, title, versions, server: target.kind === "server" ? serverFields(target.id) : null };
}

function serverFields(id: ServerId) {
  const { proxyProtocol: { accepts, sends }, mailTarget, versions, installations }: Server = servers[id];
  return {
    oldest: oldest[id],
    tls_library: tlsLibraryOf(id),
    proxy_protocol: { accepts: accepts ?? null, sends: sends ?? null },
    mail_target: mailTarget ?? null,
    platforms: Object.fromEntries(keysOf<Platform>(families).map((platform) => [platform, { version: versions[platform] ?? null, ...installationFields(installations[families[platform]]) }])),
  };
}

function installationFields({ packages, unit, folder, ending, enabled, validate }: Server["installations"]["debian"]) {
  return { packages, unit, folder, ending, enabled: enabled ?? null, validate: validate ?? null };
}
