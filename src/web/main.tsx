/** Starts the page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { bringTargets } from "./targets.ts";
import type { Tools } from "./use-description.ts";

let tools: Promise<Tools> | undefined;

/** The other parts are fetched at once, but the first view does not wait for them. After them the page asks for nothing. */
function bringTools(): Promise<Tools> {
  return (tools ??= Promise.all([import("./tools.ts"), import("all-targets")]).then(([loaded, all]) => {
    bringTargets(all);
    return loaded;
  }));
}

const place = document.getElementById("page");
if (place === null) throw new Error("the page has no place for its content");
render(<App bringTools={bringTools} />, place);
