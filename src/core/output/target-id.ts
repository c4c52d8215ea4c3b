/** The IDs of the targets. The schema's enum of `targets` lists them, and src/targets/index.ts has a target for each. */
import type { Description } from "../../generated/description.ts";

export type TargetId = Description["targets"][number];
