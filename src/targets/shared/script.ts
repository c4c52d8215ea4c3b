/** Shell scripts for the host. */
import type { TargetFile } from "../../core/output/target.ts";
import { nothing } from "./requirements.ts";

/** For a file that takes effect without a command. */
export const atOnce = "true";

export function script(file: Pick<TargetFile, "template" | "name" | "host" | "reload"> & { readonly installPath: string }): TargetFile {
  return { ...file, install: "replaced", comment: "#", mode: "0755", group: undefined, validate: `sh -n ${file.installPath}`, requires: nothing };
}
