/** For each file: what it has started and lost does not stand in the way of the next. */
import { afterAll } from "vitest";
import { stopAll } from "./world/process.ts";

afterAll(stopAll);
