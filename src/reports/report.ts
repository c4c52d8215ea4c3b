/** What a report of a run is made from. */
import type { Checked } from "../pipeline/check.ts";

/** What is said of a description. */
export interface Reported extends Pick<Checked, "file" | "diagnostics"> {
  /** Of a valid one. */
  readonly site: { readonly hostname: string } | undefined;
}

/** Of thousands, no more is kept than that. */
export function reported({ file, diagnostics, site }: Checked): Reported {
  return { file, diagnostics, site: site && { hostname: site.hostname } };
}

/** A document for another program, with its last line's end. One run gives one document, whatever the number of descriptions. */
export type Report = (results: readonly Reported[]) => string | Promise<string>;

/** The diagnostics of all descriptions, in the order of the command line. */
export const diagnosticsOf = (results: readonly Reported[]) => results.flatMap(({ diagnostics }) => diagnostics);

/** A file's name as other programs compare it: without `./` and doubled slashes. */
export function plainPath(file: string): string {
  const root = file.startsWith("/") ? "/" : "";
  return root + file.split("/").filter((segment) => segment !== "" && segment !== ".").join("/");
}
