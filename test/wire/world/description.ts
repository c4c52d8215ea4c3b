/** A description's output for the target under test, and the facts of its site that a test needs. */
import { readFileSync } from "node:fs";
import type { OutputFile } from "../../../src/core/output-file.ts";
import { check, renderAll } from "../../../src/core/pipeline.ts";
import type { Site } from "../../../src/core/site.ts";

/** The servers that run.js starts. */
export type ProxyId = "nginx" | "apache" | "haproxy";

export interface Rendered {
  readonly site: Site;
  /** The target's file. */
  readonly output: OutputFile;
  /** The values for mailcow.conf. */
  readonly mailcowConf: string;
}

/** The server this run is for. */
export const proxyId: ProxyId = proxyFromEnvironment();

/** @returns what the tool makes of the description, or the codes of the errors that refuse it */
export function render(description: string, file = "mailcow-proxy.yaml"): Rendered | { readonly refused: readonly string[] } {
  const { site, diagnostics } = check({ source: description, file, targets: [proxyId, "mailcow-conf"] });
  if (site === undefined) return { refused: diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code) };
  const [output, mailcowConf] = renderAll([{ site, targets: [proxyId, "mailcow-conf"] }]);
  if (output === undefined || mailcowConf === undefined) throw new Error("a target has no output");
  return { site, output, mailcowConf: mailcowConf.content };
}

/** Renders a description that has to be valid. */
export function renderValid(description: string): Rendered {
  const rendered = render(description);
  if ("refused" in rendered) throw new Error(`the description is refused: ${rendered.refused.join(", ")}`);
  return rendered;
}

export function renderFile(path: string): ReturnType<typeof render> {
  return render(readFileSync(path, "utf8"), path);
}

function proxyFromEnvironment(): ProxyId {
  const target = process.env["WIRE_TARGET"];
  if (target === "nginx" || target === "apache" || target === "haproxy") return target;
  throw new Error("WIRE_TARGET is not a server: start these tests with `node test/wire/run.js`");
}
