/** The section *Mail ports* of docs/contract.md, row by row. */
import { afterAll, beforeAll } from "vitest";
import { bans } from "./rows/bans.ts";
import { company } from "./rows/company.ts";
import { direct } from "./rows/direct.ts";
import { failure } from "./rows/failure.ts";
import { limits } from "./rows/limits.ts";
import { relay } from "./rows/relay.ts";
import { eachService } from "./rows/services.ts";
import { lasting } from "./rows/sessions.ts";
import { type World, openWorld } from "./world/world.ts";

let world: World | undefined;
const the = () => {
  if (world === undefined) throw new Error("the world did not open");
  return world;
};

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

company(the);
direct(the);
eachService(the);
relay(the);
limits();
bans();
failure(the);
lasting(the);
