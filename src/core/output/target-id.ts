/** The targets' names. The schema's enum of `targets` is their list; src/targets/index.ts has a target for each. */
import type { Description } from "../../generated/description.ts";

export type TargetId = Description["targets"][number];
