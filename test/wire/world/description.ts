/** A description's output for the target under test, and the facts of its site that a test needs. */
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { checker } from "../../../src/pipeline/check.ts";
import { renderAll } from "../../../src/pipeline/render.ts";
import { sha256 } from "../../../src/core/output/sha256.ts";
import { type ServerId, serverIds, servers } from "../../../src/core/site/servers.ts";
import type { Site } from "../../../src/core/site/site.ts";

/** A mailcow host of the output. */
interface Host {
  readonly site: Site;
  /** The values for mailcow.conf. */
  readonly mailcowConf: string;
}

/** The output for hosts that share a server. */
export interface Shared {
  readonly hosts: readonly Host[];
  /** The target's files. */
  readonly outputs: readonly OutputFile[];
}

/** The output for one host, and the others beside it. */
export interface Rendered extends Host, Shared {}

/** The platform that the servers are of, or undefined for the machine's own. */
export const platform = process.env["WIRE_PLATFORM"];

/** The version of the server, where it is neither the machine's own nor the platform's. */
export const currentVersion = process.env["WIRE_VERSION"];

/** Whether the server is the one of the machine's distribution, the oldest of those that are tried. */
export const isMachines = platform === undefined && currentVersion === undefined;

/** The server this run is for. */
export const proxyId: ServerId = proxyFromEnvironment();

interface RenderOptions {
  /** As which the diagnostics know the description. */
  readonly file?: string;
  /** Whether the platform is the description's own matter, also where the servers are of another one than the machine's. */
  readonly asItStands?: boolean;
}

/** @returns what the tool makes of descriptions for one server, or the codes of the errors that refuse them */
export function renderShared(descriptions: readonly string[], { file = "mailcow-proxy.yaml", asItStands = false }: RenderOptions = {}): Shared | { readonly refused: readonly string[] } {
  const check = checker({ targets: [proxyId, "mailcow-conf"], shared: true });
  const checked = descriptions.map((text) => named(asItStands ? text : forThis(text))).map((source, index) => check({ source, file: descriptions.length === 1 ? file : `${index}-${file}` }));
  const refused = checked.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === "error").map(({ code }) => code);
  if (refused.length > 0) return { refused };
  const asked = checked.flatMap(({ site, targets }) => (site === undefined ? [] : [{ site, targets }]));
  const files = renderAll(asked, { sha256 });
  const values = files.filter(({ target }) => target === "mailcow-conf");
  return {
    hosts: asked.map(({ site }, index) => ({ site, mailcowConf: values[index]?.content ?? "" })),
    outputs: files.filter(({ target }) => target === proxyId),
  };
}

/** Where a server needs a list of all names: the mail domains whose names the tests ask for. */
const domains = ["example.org", "sub.example.net", "example.com", "example.net"];

/** The description with mail domains, where the server cannot do without. */
function named(description: string): string {
  const document = parseDocument(description);
  if (servers[proxyId].anyDomain || document.has("mail_domains")) return description;
  document.set("mail_domains", domains);
  return document.toString();
}

/** The description for the platform or the version that the server is of, where that is not the machine's own. */
function forThis(description: string): string {
  if (isMachines) return description;
  const document = parseDocument(description);
  if (platform === undefined) {
    document.setIn(["versions", proxyId], currentVersion);
  } else {
    document.delete("versions");
    document.set("platform", platform);
  }
  return document.toString();
}

/** @returns what the tool makes of the description, beside another one if there is one */
export function render(description: string, { beside, ...options }: RenderOptions & { readonly beside?: string | undefined } = {}): Rendered | { readonly refused: readonly string[] } {
  const shared = renderShared([...(beside === undefined ? [] : [beside]), description], options);
  if ("refused" in shared) return shared;
  const host = shared.hosts.at(-1);
  if (host === undefined) throw new Error("a description has no site");
  return { ...host, ...shared };
}

/** Renders a description that has to be valid. */
export function renderValid(description: string, beside?: string): Rendered {
  const rendered = render(description, { beside });
  if ("refused" in rendered) throw new Error(`the description is refused: ${rendered.refused.join(", ")}`);
  return rendered;
}

export function renderFile(path: string, options: Pick<RenderOptions, "asItStands"> = {}): ReturnType<typeof render> {
  return render(readFileSync(path, "utf8"), { ...options, file: path });
}

function proxyFromEnvironment(): ServerId {
  const target = process.env["WIRE_TARGET"];
  const id = serverIds.find((candidate) => candidate === target);
  if (id !== undefined) return id;
  throw new Error("WIRE_TARGET is not a server: start these tests with `node test/wire/run.js`");
}
