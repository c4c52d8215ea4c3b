/** The input of reports. */
import type { Checked } from "../pipeline/check.ts";

/** The diagnostics of a description. */
export interface Reported extends Pick<Checked, "file" | "diagnostics"> {
  /** Undefined if the description is invalid. */
  readonly site: { readonly hostname: string } | undefined;
}

/** The part of a result that reports need; with thousands of descriptions, the rest takes too much memory. */
export function reported({ file, diagnostics, site }: Checked): Reported {
  return { file, diagnostics, site: site && { hostname: site.hostname } };
}

/** Writes one document for all descriptions of a run, with a line end at the end. */
export type Report = (results: readonly Reported[]) => string | Promise<string>;

/** The diagnostics of all descriptions, in the order of the command line. */
export const diagnosticsOf = (results: readonly Reported[]) => results.flatMap(({ diagnostics }) => diagnostics);

/** A file's name for comparison by other programs, without `./` and doubled slashes. */
export function plainPath(file: string): string {
  const root = file.startsWith("/") ? "/" : "";
  return root + file.split("/").filter((segment) => segment !== "" && segment !== ".").join("/");
}
