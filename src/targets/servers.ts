/** The targets that are servers, by their ID; the compiler refuses the table when it and the rows of src/core/site/servers.ts disagree. */
import type { ServerTarget } from "../core/output/target.ts";
import type { ServerId } from "../core/site/servers.ts";
import { apache } from "./apache/index.ts";
import { haproxy } from "./haproxy/index.ts";
import { nginx } from "./nginx/index.ts";

export const serverTargets: Readonly<Record<ServerId, ServerTarget>> = {
  nginx,
  apache,
  haproxy,
};
