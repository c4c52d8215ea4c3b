/** `page`: the same functions as a page in a browser. */
import { visible } from "../core/visible.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";
import { once } from "./once.ts";

export const pageCommand: Command = (parser, word, choose) =>
  parser.command(
    word,
    "Open the page, which does the same in a browser",
    (command) =>
      command
        .option("serve", { type: "string", coerce: (value: string | string[] | undefined) => (value === undefined ? undefined : portOf(value)), describe: "Serve the page to this machine until Ctrl+C, on PORT of 127.0.0.1, or on a free port" })
        .example("mailcow-proxy page", "open it from the disk; without a desktop, print its path")
        .example("mailcow-proxy page --serve 8765", "serve it on http://127.0.0.1:8765/"),
    ({ serve }) => choose((io) => (serve === undefined ? open(io) : served(io, serve))),
  );

/** Any free port. */
const free = 0;

function portOf(given: string | string[]): number {
  if (given === "") return free;
  const value = once<string>("serve")(given);
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (port < 1 || port > 65_535) throw new Error(`--serve takes a port from 1 to 65535, not ${value}.`);
  return port;
}

async function open(io: Io): Promise<ExitStatus> {
  const file = await io.pageFile();
  if (await io.openInBrowser(file)) {
    io.stdout.write(`opened     ${visible(file)}\n`);
    return exitStatus.done;
  }
  io.stderr.write("Open this file in a browser, or run: mailcow-proxy page --serve\n");
  io.stdout.write(`${file}\n`);
  return exitStatus.done;
}

async function served(io: Io, port: number): Promise<ExitStatus> {
  await io.serve(await io.pageFile(), port, (url) => io.stdout.write(`The page is on ${url} until you press Ctrl+C.\n`));
  return exitStatus.done;
}
